import type { Config } from '../../engine/config.ts';
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
} from './guard-rules.ts';
import { networksSet } from './match-networks.ts';
import type { Chain, Table } from './table.ts';

/** The copy of the guard that survives a flush of the ruleset. It comes before `sixgate_guard`, which takes the translator's sign off. */
export function heldGuardTable(config: Config, exceptions: GuardExceptions, name: string): Table {
  return {
    family: 'inet',
    name,
    purpose: 'it lets no inside address out of an uplink untranslated, whoever flushes the ruleset',
    sets: networksSet(config.networks.map(({ prefix }) => prefix)),
    counters: ['leaving', 'arriving'],
    chains: heldChains(config, exceptions),
  };
}

/**
 * While this copy is the only one, nothing translates but programs. So all of it can be asked at the end of a packet's way, in one
 * chain: an inside destination that is there without a translation was there from the beginning. Before that the chain needs to know
 * what was translated, which connection tracking tells where it runs. (In postrouting the interface that a packet came in by is
 * known since Linux 5.7.)
 */
function heldChains(config: Config, exceptions: GuardExceptions): Chain[] {
  if (isAllStateless(config)) return chainsInOne(config, exceptions, -301);
  const { natives = [], detours = [] } = exceptions;
  const leave = [...letOut(config, detours), ...leaveRules(config, natives)];
  const hook = { type: 'filter', hook: 'postrouting', priority: 299 } as const;
  if (!config.translations.some(({ mode }) => mode === 'stateful')) {
    return [{ name: 'leave', hook, rules: leave }, arriveChain(arriveRules(config, natives))];
  }
  const tells = ['ct status snat,dnat', ...(statelessInterfaces(config).length > 0 ? [wasPassed] : [])];
  const arrive = arriveRules(config, natives, tells);
  return [
    { name: 'leave', hook, rules: [...leave, ...arrive] },
    { name: 'arrive', hook: { type: 'filter', hook: 'input', priority: -300 }, rules: arrive },
  ];
}
