import { covers, overlap } from '../../core/prefix.ts';
import type { Condition, Field, FirewallChain, FirewallRule, FirewallTable, Value } from './firewall.ts';

/** A kind of packet, for the question what becomes of it. */
export interface Packet {
  /** The hooks that it passes. */
  readonly hooks: readonly string[];
  /** What is left out can be anything. */
  readonly fields: Partial<Readonly<Record<Field, Value>>>;
}

export interface Judgement {
  /** `unclear`: a rule that decides cannot be read here, or decides for some of these packets only. */
  readonly verdict: 'passes' | 'stopped' | 'unclear';
  /** Table and chain that decided, as in `inet filter, chain input`. */
  readonly where: string;
  /** The base chain of it; empty where no chain has a say. */
  readonly chain: string;
}

/**
 * What this table does to the packet. Every base chain of every hook has to let it pass; accepting in one says nothing
 * for the others.
 *
 * | a rule matches           | and accepts                  | and drops                               |
 * | ------------------------ | ---------------------------- | --------------------------------------- |
 * | all such packets         | the chain lets it pass       | stopped                                 |
 * | some (address, rate)     | unclear if it is dropped later | not counted: a block list is no obstacle |
 * | as far as can be read    | unclear if it is dropped later | unclear                                 |
 */
export function judgePacket(table: FirewallTable, packet: Packet): Judgement {
  const judged = [...table.chains.values()].flatMap((chain): Judgement[] => {
    const { base } = chain;
    if (!base || base.type === 'nat' || !packet.hooks.includes(base.hook)) return [];
    const walk = walkChain(table, chain, packet);
    const end = walk.end ?? base.policy;
    const where = `${table.name}, chain ${chain.name}`;
    if (end === 'drop') return [{ verdict: walk.mayAccept ? 'unclear' : 'stopped', where, chain: chain.name }];
    return [{ verdict: walk.mayDrop ? 'unclear' : 'passes', where, chain: chain.name }];
  });
  return (
    judged.find(({ verdict }) => verdict === 'stopped') ??
    judged.find(({ verdict }) => verdict === 'unclear') ?? { verdict: 'passes', where: table.name, chain: '' }
  );
}

/** Whether a rule of this chain translates such packets. */
export function mayTranslate(table: FirewallTable, chain: FirewallChain, packet: Packet): 'yes' | 'no' | 'unclear' {
  const walk = walkChain(table, chain, packet);
  if (walk.end === 'translate') return 'yes';
  return walk.mayTranslate ? 'unclear' : 'no';
}

interface Walk {
  /** Undefined where the packet leaves the chain at its end or by `return`. */
  end: 'accept' | 'drop' | 'translate' | undefined;
  mayAccept: boolean;
  mayDrop: boolean;
  mayTranslate: boolean;
}

/** Deeper than nftables lets chains jump; only there so that no input can make this loop. */
const deepest = 16;

/** `visit` is told of every rule on the way that may hold for the packet. */
export function walkChain(
  table: FirewallTable,
  chain: FirewallChain,
  packet: Packet,
  visit: (chain: FirewallChain, rule: FirewallRule) => void = () => {},
  depth = 0,
): Walk {
  const walk: Walk = { end: undefined, mayAccept: false, mayDrop: false, mayTranslate: false };
  for (const rule of chain.rules) {
    const match = matchRule(rule, packet);
    if (match === 'no') continue;
    visit(chain, rule);
    const { effect } = rule;
    if (effect.do === 'none') continue;
    if (effect.do === 'unreadable') {
      walk.mayAccept = walk.mayDrop = walk.mayTranslate = true;
    } else if (effect.do === 'return') {
      if (match === 'yes') return walk;
      // What follows may not be reached; which way that goes is not known.
      walk.mayAccept = walk.mayDrop = walk.mayTranslate = true;
    } else if (effect.do === 'jump' || effect.do === 'goto') {
      const target = table.chains.get(effect.chain);
      if (!target || depth >= deepest) {
        walk.mayAccept = walk.mayDrop = walk.mayTranslate = true;
        continue;
      }
      const inner = walkChain(table, target, packet, visit, depth + 1);
      walk.mayAccept ||= inner.mayAccept;
      walk.mayTranslate ||= inner.mayTranslate;
      walk.mayDrop ||= inner.mayDrop;
      if (inner.end !== undefined) {
        if (match === 'yes') return { ...walk, end: inner.end };
        note(walk, inner.end, match);
      } else if (effect.do === 'goto' && match === 'yes') return walk;
    } else {
      if (match === 'yes') return { ...walk, end: effect.do };
      note(walk, effect.do, match);
    }
  }
  return walk;
}

function note(walk: Walk, end: 'accept' | 'drop' | 'translate', match: 'some' | 'unreadable'): void {
  if (end === 'accept') walk.mayAccept = true;
  else if (end === 'translate') walk.mayTranslate = true;
  else if (match === 'unreadable') walk.mayDrop = true;
}

export type Match = 'yes' | 'no' | 'some' | 'unreadable';

export function matchRule(rule: FirewallRule, packet: Packet): Match {
  const matches = rule.conditions.map((condition) => matchCondition(condition, packet));
  for (const match of ['no', 'unreadable', 'some'] as const) if (matches.includes(match)) return match;
  return 'yes';
}

function matchCondition(condition: Condition, packet: Packet): Match {
  if (condition.kind === 'sometimes') return 'some';
  if (condition.kind === 'unreadable') return 'unreadable';
  if (condition.kind === 'opening') return isEstablished(packet) ? 'no' : 'unreadable';
  const actual = packet.fields[condition.field];
  if (!actual) return 'some';
  const matches = condition.values.map((value) => matchValue(value, actual));
  const match = matches.includes('yes') ? 'yes' : (matches.find((each) => each !== 'no') ?? 'no');
  if (!condition.negated || match === 'some' || match === 'unreadable') return match;
  return match === 'yes' ? 'no' : 'yes';
}

function isEstablished({ fields }: Packet): boolean {
  const state = fields['ct state'];
  return state !== undefined && 'text' in state && state.text === 'established';
}

function matchValue(value: Value, actual: Value): Match {
  if ('text' in value) {
    if (!('text' in actual)) return 'unreadable';
    const same = value.text.endsWith('*')
      ? actual.text.startsWith(value.text.slice(0, -1))
      : value.text === actual.text;
    return same ? 'yes' : 'no';
  }
  if ('prefix' in value) {
    if (!('prefix' in actual)) return 'unreadable';
    if (covers(value.prefix, actual.prefix)) return 'yes';
    return overlap(value.prefix, actual.prefix) ? 'some' : 'no';
  }
  if (!('first' in actual)) return 'unreadable';
  if (value.first <= actual.first && actual.last <= value.last) return 'yes';
  return actual.last < value.first || value.last < actual.first ? 'no' : 'some';
}
