import { formatPrefix } from '../../core/prefix.ts';
import type { Config } from '../../engine/config.ts';
import type { Desired } from '../../engine/desired.ts';
import { nativeOf } from '../../engine/mapping.ts';
import { foreignTo, type Way } from '../../engine/steering.ts';
import {
  arriveChain,
  arriveRules,
  chainsInOne,
  isAllStateless,
  leaveRules,
  letOut,
  statelessInterfaces,
  wasPassed,
  type GuardExceptions,
  type NativePrefix,
} from './guard-rules.ts';
import { identifier } from './identifier.ts';
import { networksSet } from './match-networks.ts';
import { rejectRefused, turnBack } from './onward-rules.ts';
import type { Rule, Table, TableSet } from './table.ts';

/** Those of the mappings in force. */
export function nativePrefixes({ config, mappings }: Pick<Desired, 'config' | 'mappings'>): NativePrefix[] {
  return nativeOf(mappings).flatMap(({ uplink, inside }) => {
    const at = config.uplinks.find(({ name }) => name === uplink)?.interface;
    return at === undefined ? [] : [{ interface: at, prefix: inside }];
  });
}

/**
 * The guard: no inside address leaves an uplink, none comes in through one. It stands before any mapping and stays
 * when there is none.
 *
 * Postrouting at 300 is after source NAT (100) and before conntrack confirms a new entry: what is dropped here leaves
 * no entry behind, so a flow that began too early recovers by itself once its mapping is there.
 *
 * On an uplink with stateless translation packets have inside addresses here and are translated behind it. They may pass where a
 * detour is in place, by the index of the uplink's interface, so that one that comes anew with the same name is closed at first.
 *
 * Where there are several uplinks, none of them lets out what only another one has: its provider would drop that (BCP 38), and who gets
 * it anyway would answer somebody else.
 *
 * Every forwarded packet goes through this and through the held copy (docs/performance.md): there are as few chains as can be, and what
 * they compare first is what tells soonest and cheapest that a packet is none of theirs.
 */
export function guardTable(config: Config, exceptions: GuardExceptions = {}, ways: readonly Way[] = []): Table {
  const { natives = [], detours = [] } = exceptions;
  const stay = ways.map(stayAtHome);
  const whole = isAllStateless(config);
  return {
    family: 'inet',
    name: 'sixgate_guard',
    purpose: 'it lets no inside address out of an uplink untranslated',
    sets: [...networksSet(config.networks.map(({ prefix }) => prefix)), ...ways.map((way) => elsewhereSet(way, ways))],
    counters: [
      'leaving',
      'arriving',
      ...(whole ? ['unmapped', 'returning'] : []),
      ...(ways.length > 0 ? ['astray'] : []),
    ],
    chains: whole
      ? chainsInOne(config, exceptions, -300, {
          before: rejectRefused(config),
          after: turnBack(config),
          leave: stay,
        })
      : [
          {
            name: 'leave',
            hook: { type: 'filter', hook: 'postrouting', priority: 300 },
            rules: [
              ...letOut(config, detours),
              ...leaveRules(config, natives),
              ...stay,
              ...(statelessInterfaces(config).length > 0 ? [takeSignOff] : []),
            ],
          },
          arriveChain(arriveRules(config, natives)),
        ],
  };
}

/**
 * Both copies of the guard have seen it by now, and it is nobody else's. Where the guard is in the forward hook the sign stays on: a held
 * copy that asks for it later may still be there after a change of the configuration, and to every queue it is no priority at all.
 */
const takeSignOff: Rule = {
  text: `${wasPassed} meta priority set 0:0`,
  why: 'the sign of the translator has been seen',
};

function stayAtHome(way: Way): Rule {
  return {
    text: `oifname "${way.uplink.interface}" ip6 saddr @${elsewhereName(way)} counter name astray drop`,
    why: `what only other uplinks have does not leave by ${way.uplink.name}`,
  };
}

function elsewhereSet(way: Way, ways: readonly Way[]): TableSet {
  return {
    name: elsewhereName(way),
    type: 'ipv6_addr',
    interval: true,
    purpose: { decides: 'elsewhere', about: `what only others than ${way.uplink.name} have` },
    elements: foreignTo(way, ways).map(formatPrefix),
  };
}

function elsewhereName({ uplink }: Way): string {
  return identifier('elsewhere', uplink.name);
}
