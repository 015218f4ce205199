import { formatIpv4 } from '../../core/ipv4.ts';
import type { FoundClient, SetupFacts, SetupInterface } from './setup-facts.ts';

export interface Candidate {
  readonly name: string;
  /** What speaks for it, in a few words. */
  readonly because: string;
}

/** Where an uplink's prefix may come from, as far as `sixgate init` goes. */
export const setupSources = ['dhcpv6', 'dhcpcd', 'networkd', 'hook', 'route', 'address'] as const;
export type SetupSource = (typeof setupSources)[number];

export interface ProposedSource {
  readonly from: SetupSource;
  /** With `hook`. */
  readonly client?: 'dhclient' | 'odhcp6c';
  readonly because: string;
}

/** Interfaces that can be an uplink or a LAN: not the loopback, ports of bridges, tunnels, or what belongs to containers and guests. */
export function usableInterfaces({ interfaces }: SetupFacts): readonly SetupInterface[] {
  return interfaces.filter(({ name, kind, linkType, enslaved }) => {
    if (linkType === 'loopback' || enslaved || foreignNames.test(name)) return false;
    return kind === null ? linkType === 'ether' || linkType === 'ppp' : usableKinds.has(kind);
  });
}

const usableKinds = new Set(['bridge', 'bond', 'vlan', 'veth', 'macvlan', 'macvtap', 'ppp', 'team', 'dsa', 'wwan']);
/** Docker, libvirt, LXC, Podman, Kubernetes, Xen. */
const foreignNames = /^(docker\d|br-[0-9a-f]{12}$|virbr|vnet\d|veth[0-9a-f]{6,}|lxc|cni|podman|cali|flannel|vif\d|tap)/;

/**
 * The interface towards the provider: the one that most speaks for, undefined where nothing does or two are equal.
 *
 * | sign                               | weight |
 * | ---------------------------------- | ------ |
 * | an IPv6 default route              | 8      |
 * | a global IPv6 address              | 4      |
 * | an IPv4 default route              | 2      |
 * | a point-to-point line (PPP, modem) | 1      |
 */
export function proposeUplink(facts: SetupFacts): Candidate | undefined {
  const weighed = usableInterfaces(facts)
    .map((each) => {
      const route = facts.defaultRoutes.find((found) => found.interface === each.name);
      const signs: readonly (readonly [boolean, number, string])[] = [
        [
          route !== undefined,
          8,
          `the IPv6 default route${route?.protocol === 'ra' ? ', by router advertisement' : ''}`,
        ],
        [hasGlobal(each), 4, 'a global IPv6 address'],
        [facts.ipv4Uplinks.includes(each.name), 2, 'the IPv4 default route'],
        [each.linkType === 'ppp' || each.kind === 'wwan', 1, 'a line to a provider'],
      ];
      const held = signs.filter(([holds]) => holds);
      return {
        name: each.name,
        because: held[0]?.[2] ?? '',
        weight: held.reduce((sum, [, weight]) => sum + weight, 0),
      };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight);
  const [best, second] = weighed;
  if (!best || best.weight === second?.weight) return undefined;
  return { name: best.name, because: best.because };
}

/**
 * The LANs: of all but the uplink those that look most like one. A bridge, or an IPv4 address without a default route; else what
 * has a carrier; else what is there.
 */
export function proposeLans(facts: SetupFacts, uplink: string | undefined): readonly Candidate[] {
  const others = usableInterfaces(facts).filter(({ name }) => name !== uplink && !leadsOut(facts, name));
  const addressed = others.filter(({ kind, ipv4 }) => kind === 'bridge' || ipv4.length > 0);
  if (addressed.length > 0) {
    return addressed.map(({ name, ipv4: [first] }) => ({
      name,
      because: first === undefined ? 'a bridge' : `an inside address, ${formatIpv4(first)}`,
    }));
  }
  const lit = others.filter(({ up, carrier }) => up && carrier);
  if (lit.length > 0) return lit.map(({ name }) => ({ name, because: 'a carrier' }));
  return others.map(({ name }) => ({ name, because: 'nothing else' }));
}

function leadsOut({ defaultRoutes, ipv4Uplinks }: SetupFacts, name: string): boolean {
  return ipv4Uplinks.includes(name) || defaultRoutes.some((route) => route.interface === name);
}

function hasGlobal({ addresses }: SetupInterface): boolean {
  return addresses.some(({ address }) => address >> 125n === 1n);
}

/** Who is to know the prefix: the DHCPv6 client that serves the uplink already, else sixgate's own. */
export function proposeSource(facts: SetupFacts, uplink: string): ProposedSource {
  const client = clientOf(facts, uplink);
  switch (client?.program) {
    case 'dhcpcd':
      return { from: 'dhcpcd', because: 'it runs here' };
    case 'networkd':
      return { from: 'networkd', because: `systemd-networkd serves ${uplink}` };
    case 'dhclient':
    case 'odhcp6c':
      return { from: 'hook', client: client.program, because: `${client.name} runs here` };
    default:
      return { from: 'dhcpv6', because: 'sixgate asks itself: no client that it could listen to runs here' };
  }
}

/** The DHCPv6 client that serves an interface: one that listens on it, then one that runs for it, then one that runs. */
export function clientOf({ clients }: SetupFacts, uplink: string): FoundClient | undefined {
  const here = clients.filter((client) => client.interface === undefined || client.interface === uplink);
  const rank = (client: FoundClient): number => (client.listens ? 2 : 0) + (client.interface === uplink ? 1 : 0);
  return here.toSorted((one, other) => rank(other) - rank(one))[0];
}

/** What to ask the provider for, in bits. */
export function proposeLength(
  facts: SetupFacts,
  uplink: string,
): { readonly length: number; readonly because: string } {
  const [prefix, second] = facts.delegated;
  if (prefix && !second && prefix.length < 64) {
    return { length: prefix.length, because: 'that is what was delegated to this machine' };
  }
  const asks = clientOf(facts, uplink)?.asks;
  if (asks !== undefined) return { length: asks, because: 'the client asks for that' };
  return { length: 56, because: 'most providers give that' };
}
