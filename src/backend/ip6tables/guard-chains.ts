import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { restoreWord } from '../../core/restore-word.ts';
import { formatPortRange, type Config, type Pinhole, type Translation, type Uplink } from '../../engine/config.ts';
import { mappingsOn, type Mapping } from '../../engine/mapping.ts';
import { chainName } from './chain-names.ts';
import type { Chain, ChainTable, Rule } from './chains.ts';

/**
 * The guard and the filter for what comes in, all in table mangle: its rules see packets before those of the tables nat (of
 * the same hook) and filter, and no rule of the admin's in those can let something pass them by.
 *
 * ip6tables has no hook behind source NAT, so the guard asks conntrack whether a packet will be translated:
 *
 * | packet with an inside source, to an uplink     | passes where                                    |
 * | ---------------------------------------------- | ----------------------------------------------- |
 * | invalid or untracked                           | never: no NAT touches it                        |
 * | reply                                          | its flow came in by an outside address          |
 * | of a flow that began earlier                   | it has a source to be translated to             |
 * | first of a flow                                | its prefix is mapped: table nat comes next      |
 */
export function guardChains(config: Config, mappings: readonly Mapping[]): ChainTable {
  const { uplinks, networks, translations } = config;
  const prefixes = networks.map(({ prefix }) => formatPrefix(prefix));
  const denying = translations.filter(({ inbound }) => inbound === 'deny');
  return {
    table: 'mangle',
    purpose: 'it lets no inside address out of an uplink untranslated, and in only what may come in',
    chains: [
      {
        name: 'SIXGATE-PRE',
        rules: uplinks.flatMap(({ interface: at }) =>
          prefixes.flatMap((prefix) => [
            drop(`-i ${restoreWord(at)} -s ${prefix}`, 'nobody outside has an inside address'),
            drop(`-i ${restoreWord(at)} -d ${prefix}`, 'inside addresses are reached by their outside address only'),
          ]),
        ),
      },
      {
        name: 'SIXGATE-FWD',
        rules: [
          ...uplinks.map(({ interface: at }) =>
            drop(`-i ${restoreWord(at)} -o ${restoreWord(at)}`, 'nothing goes back to where it came from'),
          ),
          ...denying.map(askInbound),
        ],
      },
      { name: 'SIXGATE-IN', rules: denying.map(askInbound) },
      {
        name: 'SIXGATE-POST',
        rules: uplinks.flatMap((uplink) => [
          ...prefixes.map((prefix) => ({
            match: `-o ${restoreWord(uplink.interface)} -s ${prefix}`,
            // Back from there it goes on behind this rule, where nothing of ours is left for it.
            target: `-j ${chainName('LEAVE', uplink.name)}`,
            why: `inside addresses leave ${uplink.name} translated or not at all`,
          })),
          {
            match: `-o ${restoreWord(uplink.interface)} -s fc00::/7`,
            target: '-j SIXGATE-ULA',
            why: `other unique local addresses, ${uplink.name}`,
          },
        ]),
      },
      { name: 'SIXGATE-ULA', rules: uniqueLocal(prefixes) },
      ...uplinks.flatMap((uplink) => leaveChains(uplink, mappings)),
      ...denying.map(askChain),
    ],
  };
}

function drop(match: string, why: string): Rule {
  return { match, target: '-j DROP', why };
}

/** To a neighbour on the uplink's own link a unique local address is in order: many home routers have one there. */
function uniqueLocal(inside: readonly string[]): Rule[] {
  return [
    ...inside.map((prefix) => ({ match: `-s ${prefix}`, target: '-j RETURN', why: 'was judged before' })),
    ...['fc00::/7', 'fe80::/10', 'ff00::/8'].map((near) => ({
      match: `-d ${near}`,
      target: '-j RETURN',
      why: 'stays on the link',
    })),
    drop('', 'no other unique local address goes to the Internet (RFC 4193 4.3)'),
  ];
}

function leaveChains({ name }: Uplink, mappings: readonly Mapping[]): Chain[] {
  const ct = (match: string): string => `-m conntrack ${match}`;
  const mapped = mappingsOn(mappings, name).filter(({ direction }) => direction === 'both');
  return [
    {
      name: chainName('LEAVE', name),
      rules: [
        drop(ct('--ctstate INVALID,UNTRACKED'), 'nothing would translate it'),
        {
          match: ct('--ctdir REPLY --ctstate DNAT'),
          target: '-j RETURN',
          why: 'its flow came in by an outside address',
        },
        drop(ct('--ctdir REPLY'), 'its flow did not come in by an outside address'),
        { match: ct('--ctstate SNAT'), target: '-j RETURN', why: 'its flow is translated' },
        drop(ct('--ctstatus CONFIRMED'), 'its flow began without a mapping'),
        { match: '', target: `-g ${chainName('MAPPED', name)}`, why: 'a new flow' },
      ],
    },
    {
      name: chainName('MAPPED', name),
      rules: [drop('', `no prefix on ${name}`)],
      elements: {
        purpose: { decides: 'follows', uplink: name, mode: 'stateful' },
        of: mapped.map(({ inside }) => formatPrefix(inside)),
      },
    },
  ];
}

function askInbound({ uplink }: Translation): Rule {
  return {
    match: `-i ${restoreWord(uplink.interface)} -m conntrack --ctstate NEW -m conntrack --ctstate DNAT`,
    target: `-j ${chainName('ASK', uplink.name)}`,
    why: `new flows from outside, ${uplink.name}`,
  };
}

function askChain({ uplink, pinholes }: Translation): Chain {
  return {
    name: chainName('ASK', uplink.name),
    rules: [...pinholes.flatMap(openPinhole), drop('', 'all else that nobody inside asked for')],
  };
}

function openPinhole({ to, tcp, udp, icmp }: Pinhole): Rule[] {
  const host = `-d ${formatIpv6(to)}/128`;
  const open = (match: string): Rule => ({ match: `${host} ${match}`, target: '-j RETURN', why: 'pinhole' });
  return [
    ...tcp.map((range) => open(`-p tcp -m tcp --dport ${formatPortRange(range).replace('-', ':')}`)),
    ...udp.map((range) => open(`-p udp -m udp --dport ${formatPortRange(range).replace('-', ':')}`)),
    ...(icmp ? [open('-p ipv6-icmp -m icmp6 --icmpv6-type 128')] : []),
  ];
}
