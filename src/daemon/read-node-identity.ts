import { parseDhcpcdConfig } from '../backend/dhcpcd/parse-dhcpcd-config.ts';
import { duidOfMac, parseDuid } from '../core/duid.ts';
import { formatMac, parseMac } from '../core/mac-address.ts';
import type { Config, Uplink } from '../engine/config.ts';
import type { DhcpcdOption } from '../engine/doctor/host-facts.ts';
import { digestOfConfig, type NodeIdentity, type UplinkIdentity } from '../engine/node-identity.ts';
import type { Files, Host } from '../host/host.ts';
import { duidPath, type Paths } from './paths.ts';

export const usualDhcpcdConf = '/etc/dhcpcd.conf';

/** What this router would say of itself: read from the files of its clients, since the passive one of two has said nothing. */
export async function readNodeIdentity(host: Host, paths: Paths, config: Config): Promise<NodeIdentity> {
  const { files } = host;
  const conf = await files.read(usualDhcpcdConf);
  const options = conf.ok && conf.value !== undefined ? parseDhcpcdConfig(conf.value) : [];
  const uplinks = await Promise.all(
    config.uplinks.map(async (uplink): Promise<UplinkIdentity> => {
      const mac = await readMac(files, uplink.interface);
      const client = await readClient(files, paths, uplink, mac, options);
      return {
        uplink: uplink.name,
        interface: uplink.interface,
        mac: mac === undefined ? null : formatMac(mac),
        ...client,
      };
    }),
  );
  return { config: digestOfConfig(config), uplinks };
}

type Client = Pick<UplinkIdentity, 'duid' | 'iaid' | 'hint'>;

async function readClient(
  files: Files,
  paths: Paths,
  { interface: name, source }: Uplink,
  mac: bigint | undefined,
  options: readonly DhcpcdOption[],
): Promise<Client> {
  if (source.from === 'dhcpcd') return clientOfDhcpcd(name, options);
  if (source.from !== 'dhcpv6') return { duid: null, iaid: null, hint: null };
  const stored = source.stateless ? undefined : await files.read(duidPath(paths));
  const kept = stored?.ok && stored.value !== undefined ? parseDuid(stored.value.trim()) : undefined;
  const made = source.stateless && mac !== undefined ? duidOfMac(mac) : undefined;
  return {
    duid: source.duid ?? made ?? (kept?.ok ? kept.value : null),
    iaid: source.iaid,
    hint: source.length ?? null,
  };
}

/** An explicit DUID only: which one dhcpcd makes depends on what it has stored and on the machine. */
function clientOfDhcpcd(name: string, options: readonly DhcpcdOption[]): Client {
  const here = options.filter(({ interface: at }) => at === undefined || at === name);
  const said = here.find((option) => option.name === 'duid');
  const duid = said ? parseDuid(said.value) : undefined;
  const asked = here.find((option) => option.name === 'ia_pd')?.value;
  const [, iaid, length] = /^(\d{1,10})(?:\/::\/(\d{1,3}))?(?:\s|$)/.exec(asked ?? '') ?? [];
  return {
    duid: duid?.ok ? duid.value : null,
    iaid: iaid === undefined ? null : Number(iaid),
    hint: length === undefined ? null : Number(length),
  };
}

async function readMac(files: Files, name: string): Promise<bigint | undefined> {
  const text = await files.read(`/sys/class/net/${name}/address`);
  const mac = text.ok && text.value !== undefined ? parseMac(text.value.trim()) : undefined;
  return mac?.ok ? mac.value : undefined;
}
