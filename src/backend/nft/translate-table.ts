import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix, type Prefix } from '../../core/prefix.ts';
import type { Pinhole, PortRange, Translation } from '../../engine/config.ts';
import type { Desired } from '../../engine/desired.ts';
import type { Mapping } from '../../engine/mapping.ts';
import { deriveDetour } from '../bpf/detours.ts';
import { passedPriority } from '../passed-priority.ts';
import type { Chain, Rule, Table, TableSet } from './table.ts';

/**
 * Prefix translation: fixed rules, and interval maps whose elements are all that changes with a prefix
 * (a table made anew is not atomic for packets in flight, elements changed in place are). A few sets for each uplink:
 *
 * | set        | holds                                                     |
 * | ---------- | --------------------------------------------------------- |
 * | out_U      | inside -> outside prefix that new flows leave with        |
 * | in_U       | outside -> inside prefix, also of older ones still valid  |
 * | mapped_U   | the keys of out_U (a map is no set for a lookup on 6.1)   |
 * | outside_U  | the keys of in_U (stateful)                               |
 * | short_U    | the keys of out_U up to /48, long_U the others (rfc6296)  |
 * | tcp_U ...  | pinholes, by inside address                               |
 *
 * With `mode: rfc6296` the programs of src/bpf translate, behind these rules and before them: here addresses are inside ones. The
 * maps then only say what is mapped, to us and to the rules that reject; nothing makes conntrack follow flows but `inbound: deny`.
 */
export function translateTable({ config, mappings }: Desired): Table {
  const { translations } = config;
  const stateless = translations.filter(isStateless);
  const stateful = translations.filter((translation) => !isStateless(translation));
  return {
    family: 'ip6',
    name: 'sixgate',
    purpose: 'it translates between inside and outside prefixes',
    sets: [
      {
        name: 'networks',
        type: 'ipv6_addr',
        interval: true,
        purpose: { decides: 'guard', about: 'the list of inside prefixes' },
        elements: config.networks.map((network) => formatPrefix(network.prefix)),
      },
      ...translations.flatMap((translation) => [
        ...mappingSets(
          translation,
          mappings.filter(({ uplink }) => uplink === translation.uplink.name),
        ),
        ...pinholeSets(translation),
      ]),
    ],
    counters: ['unmapped', 'denied'],
    chains: [
      ...(stateless.length > 0 ? [arrivedChain(stateless)] : []),
      ...(stateful.length > 0 || stateless.length === 0 ? natChains(stateful) : []),
      {
        name: 'forward',
        hook: { type: 'filter', hook: 'forward', priority: -1 },
        rules: [
          ...translations.map(rejectUnmapped),
          ...stateless.flatMap(rejectUntranslatable),
          ...translations.filter(denies).map(filterInbound),
        ],
      },
      {
        name: 'input',
        hook: { type: 'filter', hook: 'input', priority: -1 },
        rules: translations.filter(denies).map(filterInbound),
      },
      ...translations.filter(denies).map(inboundChain),
    ],
  };
}

/** Uplink names may have "-", which nft's identifiers may not; "." is free for it, since names have none. */
function identifier(kind: string, { uplink }: Translation): string {
  return `${kind}_${uplink.name.replaceAll('-', '.')}`;
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
      rules: [ownAddresses, ...stateful.map(translateInbound)],
    },
    {
      name: 'postrouting',
      hook: { type: 'nat', hook: 'postrouting', priority: 100 },
      rules: stateful.flatMap(translateOutbound),
    },
  ];
}

/** Right after the guard (-300), which is the one that wants to know. */
function arrivedChain(stateless: readonly Translation[]): Chain {
  const names = stateless.map(({ uplink }) => `"${uplink.interface}"`).join(', ');
  return {
    name: 'arrived',
    hook: { type: 'filter', hook: 'prerouting', priority: -299 },
    rules: [
      {
        text: `iifname { ${names} } meta priority ${passedPriority.text} meta priority set 0:0`,
        why: 'the sign of the translator has been seen',
      },
    ],
  };
}

const ownAddresses: Rule = {
  text: 'fib daddr type local accept',
  why: "the router's own addresses are not translated",
};

function translateInbound(translation: Translation): Rule {
  const { uplink, hairpin } = translation;
  const where = hairpin ? '' : `iifname "${uplink.interface}" `;
  return {
    text: `${where}dnat ip6 prefix to ip6 daddr map @${identifier('in', translation)}`,
    why: `outside to inside, ${uplink.name}${hairpin ? ', from anywhere' : ''}`,
  };
}

function translateOutbound(translation: Translation): Rule[] {
  const { uplink, hairpin } = translation;
  const snat = `snat ip6 prefix to ip6 saddr map @${identifier('out', translation)}`;
  const outbound = { text: `oifname "${uplink.interface}" ${snat}`, why: `inside to outside, ${uplink.name}` };
  if (!hairpin) return [outbound];
  return [
    outbound,
    {
      text: `ct status dnat ct original ip6 daddr @${identifier('outside', translation)} ${snat}`,
      why: `hairpin, ${uplink.name}: replies have to come back through here`,
    },
  ];
}

function rejectUnmapped(translation: Translation): Rule {
  const { uplink } = translation;
  const mapped = identifier('mapped', translation);
  // By the detour inside hosts go to outside addresses of this uplink, where only those have one that it maps.
  const ways = isStateless(translation)
    ? `{ "${uplink.interface}", "${deriveDetour(uplink.interface).name}" }`
    : `"${uplink.interface}"`;
  return {
    text: `oifname ${ways} ip6 saddr @networks ip6 saddr != @${mapped} counter name unmapped reject with icmpv6 type policy-fail`,
    why: `no prefix on ${uplink.name}: say so at once (RFC 7084 L-14)`,
  };
}

/** Inside addresses that RFC 6296 has no outside ones for, as `core` decides it. */
function rejectUntranslatable(translation: Translation): Rule[] {
  const { uplink } = translation;
  const rule = (part: string, sets: string, why: string): Rule => ({
    text: `oifname "${uplink.interface}" ip6 saddr & ${part} ip6 saddr @${identifier(sets, translation)} counter name unmapped reject with icmpv6 type policy-fail`,
    why: `${why}, ${uplink.name}`,
  });
  const identifierMask = '::ffff:ffff:ffff:ffff';
  return [
    rule(
      '0:0:0:ffff:: == 0:0:0:ffff::',
      'short',
      'subnet 0xffff of a /48 or shorter has no counterpart (RFC 6296 3.4)',
    ),
    rule(`${identifierMask} == ::`, 'long', 'nor has an interface identifier of zeros (3.7)'),
    rule(`${identifierMask} == ${identifierMask}`, 'long', 'nor has one of ones (3.5)'),
  ];
}

function filterInbound(translation: Translation): Rule {
  const { uplink } = translation;
  // Without NAT it is not only new flows that could come in unasked: what conntrack calls invalid is translated as well.
  const unasked = isStateless(translation)
    ? 'ip6 daddr @networks ct state != { established, related }'
    : 'ct state new ct status dnat';
  return {
    text: `iifname "${uplink.interface}" ${unasked} jump ${identifier('inbound', translation)}`,
    why: `new flows from outside, ${uplink.name}`,
  };
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

function mappingSets(translation: Translation, mappings: readonly Mapping[]): TableSet[] {
  const { mode } = translation;
  const uplink = translation.uplink.name;
  const outbound = mappings.filter(({ direction }) => direction === 'both');
  const pair = (from: Mapping['inside'], to: Mapping['inside']): string =>
    `${formatPrefix(from)} : ${formatPrefix(to)}`;
  const keys = outbound.map(({ inside }) => inside);
  const prefixes = (kind: string, elements: readonly Prefix[]): TableSet => ({
    interval: true,
    type: 'ipv6_addr',
    name: identifier(kind, translation),
    purpose: { decides: 'follows', uplink, mode },
    elements: elements.map(formatPrefix),
  });
  const map = { interval: true, type: 'ipv6_addr : ipv6_addr' } as const;
  return [
    {
      ...map,
      name: identifier('out', translation),
      purpose: { decides: 'outbound', uplink, mode },
      elements: outbound.map(({ inside, outside }) => pair(inside, outside)),
    },
    {
      ...map,
      name: identifier('in', translation),
      purpose: { decides: 'inbound', uplink, mode },
      elements: mappings.map(({ inside, outside }) => pair(outside, inside)),
    },
    prefixes('mapped', keys),
    ...(mode === 'stateful'
      ? [
          prefixes(
            'outside',
            mappings.map(({ outside }) => outside),
          ),
        ]
      : [
          prefixes(
            'short',
            keys.filter(({ length }) => length <= 48),
          ),
          prefixes(
            'long',
            keys.filter(({ length }) => length > 48),
          ),
        ]),
  ];
}

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
