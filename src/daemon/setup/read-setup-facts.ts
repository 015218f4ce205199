import { listDefaultRoutes, parseDefaultRoutes } from '../../backend/ip/parse-default-routes.ts';
import { listInterfaces, parseInterfaces } from '../../backend/ip/parse-interfaces.ts';
import { listLinkKinds, parseLinkKinds } from '../../backend/ip/parse-link-kinds.ts';
import { listClientRoutes, parseClientRoutes } from '../../backend/route/parse-client-routes.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { FirewallTable } from '../../engine/firewall/firewall.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Firewall, NetworkManager, SetupFacts } from '../../engine/setup/setup-facts.ts';
import type { Files, Host } from '../../host/host.ts';
import { knownFact, readFact } from '../doctor/read-fact.ts';
import { readFirewall } from '../doctor/read-firewall.ts';
import { readClients } from './read-clients.ts';

/** RTPROT_DHCP, of dhcpcd and systemd-networkd. */
const dhcpProtocol = 16;

/** Looks at everything that `sixgate init` proposes something from. Changes nothing; only the interfaces have to be readable. */
export async function readSetupFacts(host: Host): Promise<Result<SetupFacts>> {
  const { processes, files } = host;
  const [interfaces, kinds, defaultRoutes, ipv4Routes, delegated, clients, firewall, ufw, init, radvd] =
    await Promise.all([
      readFact(processes, listInterfaces, parseInterfaces),
      readFact(processes, listLinkKinds, parseLinkKinds),
      readFact(processes, listDefaultRoutes, parseDefaultRoutes),
      readFact(processes, ['ip', '-4', '-j', 'route', 'show', 'default'], parseDefaultRoutes),
      readFact(processes, listClientRoutes, (text) =>
        parseClientRoutes(text, { interface: '', protocol: dhcpProtocol }),
      ),
      readClients(host),
      readFirewall(host),
      files.read('/etc/ufw/ufw.conf'),
      files.read('/proc/1/comm'),
      processes.run({ argv: ['radvd', '--version'] }),
    ]);
  if (!interfaces.known) return fail(unreadable(interfaces));
  if (!kinds.known) return fail(unreadable(kinds));
  const radvdConfig = await files.read('/etc/radvd.conf');
  const unknownKind = { kind: null, linkType: '', enslaved: false };
  return succeed({
    interfaces: interfaces.value.map((each) => ({ ...each, ...(kinds.value.get(each.name) ?? unknownKind) })),
    defaultRoutes: defaultRoutes.known ? defaultRoutes.value : [],
    ipv4Uplinks: ipv4Routes.known ? ipv4Routes.value.map((route) => route.interface) : [],
    delegated: delegated.known ? delegated.value.prefixes.map(({ prefix }) => prefix) : [],
    clients,
    firewalls: firewall.known ? knownFact(findFirewalls(firewall.value.tables, (ufw.ok && ufw.value) || '')) : firewall,
    networkManager: await findNetworkManager(files, clients),
    systemd: init.ok && init.value?.trim() === 'systemd',
    radvdFree: radvd.ok && radvdConfig.ok && radvdConfig.value === undefined,
  });
}

function unreadable({ why, code }: Read<unknown> & { known: false }): Problem {
  return { code: code ?? 'kernel-unreadable', message: why };
}

function findFirewalls(tables: readonly FirewallTable[], ufw: string): readonly Firewall[] {
  const filters = tables.filter(({ chains }) => [...chains.values()].some(({ base }) => base?.type === 'filter'));
  const iptables = filters.filter(({ name }) => name.startsWith('ip6tables'));
  const isUfw = /^ENABLED=yes/m.test(ufw);
  const hasRules = iptables.some(({ chains }) =>
    [...chains.values()].some(({ rules, base }) => rules.length > 0 || base?.policy === 'drop'),
  );
  return [
    ...(isUfw ? (['ufw'] as const) : []),
    ...(filters.some(({ name }) => name === 'inet firewalld') ? (['firewalld'] as const) : []),
    ...(hasRules && !isUfw ? (['iptables'] as const) : []),
    ...(filters.some(({ name }) => !name.startsWith('ip6tables') && name !== 'inet firewalld')
      ? (['nftables'] as const)
      : []),
  ];
}

async function findNetworkManager(files: Files, clients: SetupFacts['clients']): Promise<NetworkManager> {
  const [netplan, ifupdown] = await Promise.all([files.list('/etc/netplan'), files.read('/etc/network/interfaces')]);
  if (netplan.ok && netplan.value.some((name) => name.endsWith('.yaml'))) return 'netplan';
  const stanzas = ifupdown.ok ? ifupdown.value : undefined;
  if (/^\s*iface\s+(?!lo\s)/m.test(stanzas ?? '')) return 'ifupdown';
  const serving = clients.find(({ program }) => program === 'networkmanager' || program === 'networkd')?.program;
  if (serving === 'networkmanager' || serving === 'networkd') return serving;
  return stanzas === undefined ? 'nobody' : 'ifupdown';
}
