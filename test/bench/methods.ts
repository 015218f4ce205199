import { deriveMapper, type Mapper, type MappingMode } from '../../src/core/map-address.ts';
import { formatIpv6, type Ipv6Address } from '../../src/core/ipv6.ts';
import { formatPrefix, parsePrefix, subnetAt, type Prefix } from '../../src/core/prefix.ts';
import { insideNetwork, type Course } from './course.ts';

/** One way to get packets from inside to outside and back. */
export interface Method {
  readonly name: string;
  /** How it changes addresses; undefined where it does not. */
  readonly mode?: MappingMode;
  setUp(course: Course, mappings: number): Promise<void>;
}

/** So long that each inside /64 is mapped by itself. */
const delegation = '2001:db8:aaaa::/50';

export const plain: Method = { name: 'plain forwarding', setUp: async () => {} };

/** What every firewall with state does. */
export const conntrack: Method = {
  name: 'plain + conntrack',
  setUp: (course) =>
    nft(
      course,
      'table ip6 filter { chain forward { type filter hook forward priority 0; ct state established,related accept; }; }',
    ),
};

/** The how-to's two chains: five rules for each mapping, of which two are for outbound and inbound and three for hairpin. */
export const netmap = (variant: 'legacy' | 'nft'): Method => ({
  name: `NETMAP (ip6tables-${variant})`,
  mode: 'stateful',
  async setUp(course, mappings) {
    await course.exec('router', [`ip6tables-${variant}-restore`], netmapRules(pairsOf(mappings)));
  },
});

export const stateful: Method = {
  name: '`stateful`',
  mode: 'stateful',
  setUp: (course, mappings) => startSixgate(course, mappings, ''),
};

/** For kernels with flowtables. */
export const offloaded: Method = {
  name: '`stateful` + `offload: true`',
  mode: 'stateful',
  setUp: (course, mappings) => startSixgate(course, mappings, ', offload: true'),
};

export const rfc6296: Method = {
  name: '`rfc6296`',
  mode: 'rfc6296',
  setUp: (course, mappings) => startSixgate(course, mappings, ', mode: rfc6296, inbound: allow'),
};

/** With its filter, which wants conntrack. */
export const rfc6296Filtered: Method = {
  name: '`rfc6296` + `inbound: deny`',
  mode: 'rfc6296',
  setUp: (course, mappings) => startSixgate(course, mappings, ', mode: rfc6296'),
};

export interface Pair {
  readonly inside: Prefix;
  readonly outside: Prefix;
}

/** The first so many /64s of the network with those of the delegation: what `sixgate run` maps with as many subnets. */
export function pairsOf(mappings: number): Pair[] {
  const [network, delegated] = [prefix(insideNetwork), prefix(delegation)];
  return Array.from({ length: mappings }, (_, at) => ({
    inside: subnetAt(network, BigInt(at), 64)!,
    outside: subnetAt(delegated, BigInt(at), 64)!,
  }));
}

/** The address that a host of the pair has outside. */
export function outsideAddress(method: Method, pair: Pair, address: Ipv6Address): Ipv6Address {
  if (!method.mode) return address;
  const { mapped } = mapperOf(pair, method.mode).map(address);
  if (mapped === null) throw new Error(`no outside address for ${formatIpv6(address)}`);
  return mapped;
}

function mapperOf(pair: Pair, mode: MappingMode): Mapper {
  const mapper = deriveMapper({ ...pair, mode });
  if (!mapper.ok) throw new Error(mapper.problem.message);
  return mapper.value;
}

export function configText(mappings: number, translation: string): string {
  const lan = translation.includes('offload') ? ', interface: lan' : '';
  const subnets = Array.from({ length: mappings }, (_, at) => `      s${at}: { id: ${at}${at === 0 ? lan : ''} }`);
  return `uplinks:
  dsl:
    interface: wan
    prefix: { from: static, prefix: "${delegation}" }
networks:
  home:
    prefix: ${insideNetwork}
    subnets:
${subnets.join('\n')}
translate:
  - { network: home, uplink: dsl${translation} }
`;
}

async function startSixgate(course: Course, mappings: number, translation: string): Promise<void> {
  await course.startSixgate(configText(mappings, translation));
}

function netmapRules(pairs: readonly Pair[]): string {
  const mark = '0x5179a7e';
  const rules = pairs.flatMap((pair) => {
    const [inside, outside] = [formatPrefix(pair.inside), formatPrefix(pair.outside)];
    return [
      `-A external_dnat -i wan -d ${outside} -j NETMAP --to ${inside}`,
      `-A external_snat -o wan -s ${inside} -j NETMAP --to ${outside}`,
      `-A external_dnat ! -i wan -s ${inside} -d ${outside} -j MARK --set-mark ${mark}`,
      `-A external_dnat ! -i wan -s ${inside} -d ${outside} -j NETMAP --to ${inside}`,
      `-A external_snat ! -i wan -s ${inside} -m mark --mark ${mark} -j NETMAP --to ${outside}`,
    ];
  });
  return `*nat
:PREROUTING ACCEPT
:INPUT ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
:external_dnat -
:external_snat -
-A PREROUTING -j external_dnat
-A POSTROUTING -j external_snat
${rules.join('\n')}
COMMIT
*filter
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
COMMIT
`;
}

async function nft(course: Course, rules: string): Promise<void> {
  await course.exec('router', ['nft', '-f', '-'], `${rules}\n`);
}

function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}
