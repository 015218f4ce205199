import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix, type Prefix } from '../../core/prefix.ts';
import { rememberLast, sameItems } from '../../core/remember-last.ts';
import type { Pinhole, PortRange, Translation } from '../../engine/config.ts';
import type { Desired } from '../../engine/desired.ts';
import { mappingsOn, type Mapping } from '../../engine/mapping.ts';
import { offloadChain, offloadFlowtable, type ServedUplink } from './flowtable.ts';
import { identifier as identifierOf } from './identifier.ts';
import { rejectRefused, toldAtOnce, turnBack, unestablished } from './onward-rules.ts';
import { steeringChains, steeringSets } from './steering-chains.ts';
import { isAllStateless } from './guard-rules.ts';
import { matchNetworks, networksSet } from './match-networks.ts';
import { subnetKind, subnetOf } from './subnet-sets.ts';
import type { Chain, Rule, Table, TableSet } from './table.ts';

/**
 * Prefix translation: fixed rules, and interval maps whose elements are all that changes with a prefix
 * (a table made anew is not atomic for packets in flight, elements changed in place are). A few sets for each uplink:
 *
 * | set        | holds                                                     |
 * | ---------- | --------------------------------------------------------- |
 * | out_U      | inside -> outside prefix that new flows leave with        |
 * | in_U       | outside -> inside prefix, also of older ones still valid  |
 * | mapped_U   | the keys of out_U (a map is no set on 6.1), stateful      |
 * | outside_U  | the keys of in_U (stateful)                               |
 * | tcp_U ...  | pinholes, by inside address                               |
 *
 * The first four hold intervals; whole /64s are in `out64_U` and so on, see `subnet-sets.ts`. Which of both a network can have
 * is known by its length and whether it has subnets.
 *
 * With `mode: rfc6296` the programs of src/bpf translate, behind these rules and before them: here addresses are inside ones. The
 * maps then only say what is mapped, to us; nothing makes conntrack follow flows but `inbound: deny`.
 */
export function translateTable({ config, mappings, steering, offload }: Desired): Table {
  const { translations, routing } = config;
  const steered = steering && routing && { ways: steering.ways, mask: routing.mask };
  const networks = config.networks.map(({ prefix }) => prefix);
  const inbound = translations.filter(denies).flatMap((translation) => filterInbound(translation, networks));
  // There what is forwarded is looked at by the guard once for all.
  const guarded = isAllStateless(config);
  const stateful = translations.filter((translation) => !isStateless(translation) && !translation.native);
  return {
    family: 'ip6',
    name: 'sixgate',
    purpose: 'it translates between inside and outside prefixes',
    sets: [
      ...networksSet(networks),
      ...translations.flatMap((translation) => [
        ...mappingSets(translation, mappingsOn(mappings, translation.uplink.name)),
        ...pinholeSets(translation),
      ]),
      ...(steered ? steeringSets(steered) : []),
    ],
    counters: ['denied', ...(guarded ? [] : ['unmapped', 'returning'])],
    ...(offload && { flowtables: [offloadFlowtable(offload.interfaces)] }),
    chains: [
      ...(steered ? steeringChains(steered) : []),
      ...(stateful.length > 0 || translations.length === 0 ? natChains(stateful) : []),
      ...hooked('forward', [
        ...(stateful.length > 0 ? [letTranslatedPass] : []),
        ...(guarded ? [] : rejectRefused(config)),
        ...stateful.flatMap((translation) => rejectUnmapped(translation, networks)),
        ...inbound,
        ...(guarded ? [] : turnBack(config)),
      ]),
      ...hooked('input', inbound),
      ...translations.filter(denies).map(inboundChain),
      ...(offload ? [offloadChain(translations.filter((translation) => translation.offload).map(servedBy))] : []),
    ],
  };
}

/** A chain costs each packet something even without a rule. */
function hooked(hook: 'forward' | 'input', rules: readonly Rule[]): Chain[] {
  return rules.length > 0 ? [{ name: hook, hook: { type: 'filter', hook, priority: -1 }, rules }] : [];
}

function identifier(kind: string, { uplink }: Translation): string {
  return identifierOf(kind, uplink.name);
}

function denies({ inbound }: Translation): boolean {
  return inbound === 'deny';
}

function isStateless({ mode }: Translation): boolean {
  return mode === 'rfc6296';
}

function natChains(stateful: readonly Translation[]): Chain[] {
  return [
    {
      name: 'prerouting',
      hook: { type: 'nat', hook: 'prerouting', priority: -100 },
      rules: [...passOthers(stateful), ownAddresses, ...stateful.flatMap(translateInbound)],
    },
    {
      name: 'postrouting',
      hook: { type: 'nat', hook: 'postrouting', priority: 100 },
      rules: stateful.flatMap(translateOutbound),
    },
  ];
}

/** Flows that are translated and established were let in or out by the rules that follow, which they need not see again. */
const letTranslatedPass: Rule = {
  text: 'ct state established,related ct status snat,dnat accept',
  why: 'flows that are translated go on',
};

/** Most flows begin inside: one look into each set is all they need, and not at the router's addresses, which takes 280 ns. */
function passOthers(stateful: readonly Translation[]): Rule[] {
  if (stateful.length === 0) return [];
  const others = stateful.flatMap((translation) =>
    placesOf(translation).map(({ kind, by }) => `${by('ip6 daddr')} != @${identifier(kind('outside'), translation)} `),
  );
  return [{ text: `${others.join('')}accept`, why: 'it has no outside address of ours' }];
}

const ownAddresses: Rule = {
  text: 'fib daddr type local accept',
  why: "the router's own addresses are not translated",
};

/** Where mappings of one kind are: `kind` makes the name of their sets, `by` is what an address is looked up by. */
interface Place {
  readonly holds: (prefix: Prefix) => boolean;
  readonly kind: (kind: string) => string;
  readonly by: (address: string) => string;
}

const ofSubnets: Place = {
  holds: ({ length }) => length === 64,
  kind: subnetKind,
  by: (address) => `${address} ${subnetOf}`,
};

const ofOthers: Place = {
  holds: (prefix) => !ofSubnets.holds(prefix),
  kind: (kind) => kind,
  by: (address) => address,
};

function placesOf({ network: { prefix, subnets } }: Translation): readonly Place[] {
  if (ofSubnets.holds(prefix)) return [ofSubnets];
  return subnets.length > 0 ? [ofOthers, ofSubnets] : [ofOthers];
}

function translateInbound(translation: Translation): Rule[] {
  const { uplink, hairpin } = translation;
  const where = hairpin ? '' : `iifname "${uplink.interface}" `;
  return placesOf(translation).map(({ kind, by }) => ({
    text: `${where}dnat ip6 prefix to ${by('ip6 daddr')} map @${identifier(kind('in'), translation)}`,
    why: `outside to inside, ${uplink.name}${hairpin ? ', from anywhere' : ''}`,
  }));
}

function translateOutbound(translation: Translation): Rule[] {
  const { uplink, hairpin } = translation;
  const places = placesOf(translation);
  const snat = ({ kind, by }: Place): string =>
    `snat ip6 prefix to ${by('ip6 saddr')} map @${identifier(kind('out'), translation)}`;
  const outbound = places.map((place) => ({
    text: `oifname "${uplink.interface}" ${snat(place)}`,
    why: `inside to outside, ${uplink.name}`,
  }));
  if (!hairpin) return outbound;
  // The one side can have been reached by an older prefix, of another length.
  const back = places.flatMap((to) =>
    places.map((from) => ({
      text: `ct status dnat ${to.by('ct original ip6 daddr')} @${identifier(to.kind('outside'), translation)} ${snat(from)}`,
      why: `hairpin, ${uplink.name}: replies have to come back through here`,
    })),
  );
  return [...outbound, ...back];
}

function servedBy(translation: Translation): ServedUplink {
  return {
    ...translation.uplink,
    isServed: (address) =>
      placesOf(translation).map(({ kind, by }) => `${by(address)} @${identifier(kind('outside'), translation)}`),
  };
}

function rejectUnmapped(translation: Translation, networks: readonly Prefix[]): Rule[] {
  const { uplink } = translation;
  const unmapped = placesOf(translation)
    .map(({ kind, by }) => `${by('ip6 saddr')} != @${identifier(kind('mapped'), translation)}`)
    .join(' ');
  return matchNetworks('saddr', networks).map((inside) => ({
    text: `oifname "${uplink.interface}" ${inside} ${unmapped} ${toldAtOnce}`,
    why: `no prefix on ${uplink.name}: say so at once (RFC 7084 L-14)`,
  }));
}

function filterInbound(translation: Translation, networks: readonly Prefix[]): Rule[] {
  const { uplink } = translation;
  const through = `iifname "${uplink.interface}"`;
  // Without NAT it is not only new flows that could come in unasked: what conntrack calls invalid is translated as well.
  const inside = translation.native ? [translation.network.prefix] : isStateless(translation) ? networks : undefined;
  const unasked = inside
    ? matchNetworks('daddr', inside, through).map((match) => `${unestablished} ${match}`)
    : [`ct state new ct status dnat ${through}`];
  return unasked.map((which) => ({
    text: `${which} jump ${identifier('inbound', translation)}`,
    why: `new flows from outside, ${uplink.name}`,
  }));
}

function inboundChain(translation: Translation): Chain {
  const set = (kind: string): string => `@${identifier(kind, translation)}`;
  return {
    name: identifier('inbound', translation),
    rules: [
      { text: `icmpv6 type echo-request ip6 daddr ${set('echo')} accept`, why: 'pinholes, echo' },
      { text: `ip6 daddr . tcp dport ${set('tcp')} accept`, why: 'pinholes, TCP' },
      { text: `ip6 daddr . udp dport ${set('udp')} accept`, why: 'pinholes, UDP' },
      { text: 'counter name denied drop', why: 'all else that nobody inside asked for' },
    ],
  };
}

const mappingSets = rememberLast((translation: Translation, mappings: readonly Mapping[]): TableSet[] => {
  if (translation.native) return [];
  const { mode } = translation;
  const uplink = translation.uplink.name;
  return placesOf(translation).flatMap(({ holds, kind }) => {
    const inbound = mappings
      .filter(({ inside }) => holds(inside))
      .map(({ direction, ...each }) => ({
        direction,
        inside: formatPrefix(each.inside),
        outside: formatPrefix(each.outside),
      }));
    const outbound = inbound.filter(({ direction }) => direction === 'both');
    const set = (name: string, decides: 'outbound' | 'inbound' | 'follows', elements: readonly string[]): TableSet => ({
      interval: kind === ofOthers.kind,
      type: decides === 'follows' ? 'ipv6_addr' : 'ipv6_addr : ipv6_addr',
      name: identifier(kind(name), translation),
      purpose: { decides, uplink, mode },
      elements,
    });
    return [
      set(
        'out',
        'outbound',
        outbound.map(({ inside, outside }) => `${inside} : ${outside}`),
      ),
      set(
        'in',
        'inbound',
        inbound.map(({ inside, outside }) => `${outside} : ${inside}`),
      ),
      ...(mode === 'stateful'
        ? [
            set(
              'mapped',
              'follows',
              outbound.map(({ inside }) => inside),
            ),
            set(
              'outside',
              'follows',
              inbound.map(({ outside }) => outside),
            ),
          ]
        : []),
    ];
  });
}, sameItems);

function pinholeSets(translation: Translation): TableSet[] {
  if (!denies(translation)) return [];
  const { pinholes, uplink } = translation;
  const purpose = { decides: 'pinholes', about: `the list of pinholes on ${uplink.name}` } as const;
  const ports = (kind: 'tcp' | 'udp'): TableSet => ({
    name: identifier(kind, translation),
    type: 'ipv6_addr . inet_service',
    interval: true,
    purpose,
    elements: pinholes.flatMap((pinhole) => pinhole[kind].map((range) => formatPinhole(pinhole, range))),
  });
  return [
    ports('tcp'),
    ports('udp'),
    {
      name: identifier('echo', translation),
      type: 'ipv6_addr',
      interval: false,
      purpose,
      elements: pinholes.filter(({ icmp }) => icmp).map(({ to }) => formatIpv6(to)),
    },
  ];
}

function formatPinhole({ to }: Pinhole, { first, last }: PortRange): string {
  return `${formatIpv6(to)} . ${first === last ? first : `${first}-${last}`}`;
}
