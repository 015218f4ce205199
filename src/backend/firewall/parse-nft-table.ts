import type {
  ChainBase,
  Condition,
  Effect,
  Field,
  FirewallChain,
  FirewallRule,
  FirewallTable,
  PacketWork,
  Value,
} from '../../engine/firewall/firewall.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { readIcmpv6Type, readProtocol } from './icmpv6-types.ts';
import { statementWork, subjectWork, workOf } from './packet-work.ts';
import { readAddressPrefix } from './read-prefix.ts';
import { reasonOf } from '../../core/printable.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/**
 * Reads the output of `nft -j list table FAMILY NAME` of a table that is not ours; IPv4 addresses become IPv4-mapped. What a rule says beyond what is known
 * here becomes a condition or effect that is `unreadable`.
 */
export function parseNftTable(text: string): Read<FirewallTable> {
  try {
    const entries = ((JSON.parse(text) as JsonObject)['nftables'] as readonly JsonObject[]).flatMap(
      (entry) => Object.entries(entry) as [string, JsonObject][],
    );
    const of = (kind: string): JsonObject[] => entries.filter(([name]) => name === kind).map(([, value]) => value);
    const [table] = of('table');
    if (!table) return { known: false, why: 'the output of nft has no table' };
    const sets = new Map(of('set').map((set) => [word(set['name']), (set['elem'] ?? []) as readonly Json[]]));
    const rules = of('rule');
    const fromIptables = of('chain').some((chain) => builtIn.has(word(chain['name'])));
    const isAsked = (work: PacketWork): boolean => work !== 'counter' || !fromIptables;
    const chains = of('chain').map((chain): [string, FirewallChain] => {
      const name = word(chain['name']);
      const base = readBase(chain);
      const own = rules.filter((rule) => rule['chain'] === chain['name']);
      const readRules = own.flatMap((rule) => readRule(rule['expr'] as readonly JsonObject[], sets, isAsked));
      return [name, { name, ...(base && { base }), rules: readRules }];
    });
    const name = `${word(table['family'])} ${word(table['name'])}`;
    const flowtables = new Map(of('flowtable').map((each) => [word(each['name']), readDevices(each)]));
    return { known: true, value: { name, chains: new Map(chains), ...(flowtables.size > 0 && { flowtables }) } };
  } catch (error) {
    return {
      known: false,
      why: `the output of nft was not understood: ${reasonOf(error)}`,
    };
  }
}

function readBase(chain: JsonObject): ChainBase | undefined {
  if (typeof chain['hook'] !== 'string') return undefined;
  return {
    type: word(chain['type']),
    hook: chain['hook'],
    priority: Number(chain['prio']),
    policy: chain['policy'] === 'drop' ? 'drop' : 'accept',
  };
}

/** One device stands alone, several in a list, and where there is none so does no `dev`. */
function readDevices({ dev }: JsonObject): readonly string[] {
  return ([] as Json[]).concat(dev ?? []).map(word);
}

/** Chains of iptables, which counts in every rule without being asked. */
const builtIn = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/** A verdict map becomes a rule for each of its elements; their keys never overlap. */
function readRule(
  expressions: readonly JsonObject[],
  sets: ReadonlyMap<string, readonly Json[]>,
  isAsked: (work: PacketWork) => boolean,
): FirewallRule[] {
  const conditions: Condition[] = [];
  const work = new Set<PacketWork | undefined>();
  const done = (rules: readonly FirewallRule[]): FirewallRule[] => {
    const asked = workOf(work, isAsked);
    return rules.map((rule) => ({ ...rule, ...asked }));
  };
  let effect: Effect = { do: 'none' };
  let handsTo: string | undefined;
  for (const expression of expressions) {
    const [kind, body] = Object.entries(expression)[0] as [string, JsonObject];
    work.add(kind === 'match' || kind === 'vmap' ? subjectWork(subjectOf(body)) : statementWork(kind, body));
    if (kind === 'match') conditions.push(...readMatch(body, sets));
    else if (kind === 'vmap') return done(readVerdictMap(body, conditions, sets));
    else if (kind === 'limit' || kind === 'quota') conditions.push({ kind: 'sometimes' });
    else if (isLimitedSet(kind, body)) {
      conditions.push({ kind: 'sometimes' });
      work.add('limit');
    } else if (kind === 'flow') handsTo = word(body['flowtable']).replace(/^@/, '');
    else if (kind === 'xt' && body?.['type'] === 'match') conditions.push({ kind: 'unreadable' });
    else {
      const read = readEffect(kind, body);
      if (read?.do === 'unreadable') conditions.push({ kind: 'unreadable' });
      effect = read ?? effect;
    }
  }
  return done([{ conditions, effect, ...(handsTo !== undefined && { handsTo }) }]);
}

/** What is compared, without a mask. */
function subjectOf({ left, key }: JsonObject): JsonObject {
  const subject = (left ?? key ?? {}) as JsonObject;
  const [masked] = Array.isArray(subject['&']) ? (subject['&'] as readonly JsonObject[]) : [];
  return masked ?? subject;
}

/** An element with a limit of its own: the rule goes on for some packets only. */
function isLimitedSet(kind: string, body: JsonObject): boolean {
  return kind === 'set' && Array.isArray(body['stmt']) && body['stmt'].some(isLimit);
}

function isLimit(statement: Json): boolean {
  return statement !== null && typeof statement === 'object' && ('limit' in statement || 'quota' in statement);
}

const harmless = new Set(['counter', 'log', 'mangle', 'notrack', 'meter', 'set', 'ct helper', 'comment']);

/** Undefined for what leaves the verdict as it was. */
function readEffect(kind: string, body: JsonObject | null): Effect | undefined {
  if (kind === 'accept' || kind === 'drop' || kind === 'return') return { do: kind };
  if (kind === 'reject') return { do: 'drop' };
  if (kind === 'jump' || kind === 'goto') return { do: kind, chain: word(body?.['target']) };
  if (['snat', 'dnat', 'masquerade', 'redirect'].includes(kind)) return { do: 'translate' };
  return harmless.has(kind) ? undefined : { do: 'unreadable' };
}

function readVerdictMap(
  { key, data }: JsonObject,
  before: readonly Condition[],
  sets: ReadonlyMap<string, readonly Json[]>,
): FirewallRule[] {
  const pairs = data !== null && typeof data === 'object' && 'set' in data ? data['set'] : undefined;
  if (!Array.isArray(pairs)) return [{ conditions: [...before, { kind: 'unreadable' }], effect: { do: 'unreadable' } }];
  return (pairs as readonly (readonly [Json, JsonObject])[]).map(([value, verdict]) => {
    const [kind, body] = Object.entries(verdict)[0] as [string, JsonObject];
    const conditions = readMatch({ op: '==', left: key!, right: value }, sets);
    return { conditions: [...before, ...conditions], effect: readEffect(kind, body) ?? { do: 'none' } };
  });
}

function readMatch({ op, left, right }: JsonObject, sets: ReadonlyMap<string, readonly Json[]>): Condition[] {
  // A check of the way back to the source holds for forged packets.
  if (left !== null && typeof left === 'object' && 'fib' in left) return [{ kind: 'sometimes' }];
  if (opens(left as JsonObject, word(op), right!)) return [{ kind: 'opening' }];
  const subject = readSubject(left as JsonObject);
  if (!subject) return [{ kind: 'unreadable' }];
  const { field, implies } = subject;
  if (!field || !['==', '!=', 'in'].includes(word(op))) return [...implies, { kind: 'unreadable' }];
  const values = listed(right!, sets)?.map((value) => readValue(field, value));
  if (!values || values.includes(undefined)) return [...implies, { kind: 'unreadable' }];
  return [...implies, { kind: 'field', field, negated: op === '!=', values: values as Value[] }];
}

/** `tcp flags syn`, with and without a mask. */
function opens(left: JsonObject, op: string, right: Json): boolean {
  const { payload } = subjectOf({ left }) as { readonly payload?: JsonObject };
  return (
    payload?.['protocol'] === 'tcp' && payload['field'] === 'flags' && right === 'syn' && ['==', 'in'].includes(op)
  );
}

const headerFields: Readonly<Record<string, Field>> = {
  saddr: 'source',
  daddr: 'destination',
  protocol: 'protocol',
  nexthdr: 'protocol',
};

interface Subject {
  /** Undefined where only what it implies is known. */
  readonly field: Field | undefined;
  readonly implies: readonly Condition[];
}

const metaFields: Readonly<Record<string, Field>> = {
  iif: 'iifname',
  iifname: 'iifname',
  oif: 'oifname',
  oifname: 'oifname',
  nfproto: 'family',
  l4proto: 'protocol',
};

function readSubject(left: JsonObject): Subject | undefined {
  const [kind, body] = Object.entries(left)[0] as [string, JsonObject];
  if (kind === 'meta') return plain(metaFields[word(body['key'])]);
  if (kind === 'ct') return plain(({ state: 'ct state', status: 'ct status' } as const)[word(body['key'])]);
  if (kind !== 'payload') return undefined;
  const protocol = word(body['protocol']);
  const name = word(body['field']);
  if (protocol === 'ip' || protocol === 'ip6') {
    const implies = [is('family', protocol === 'ip' ? 'ipv4' : 'ipv6')];
    return { field: headerFields[name], implies };
  }
  if (protocol === 'icmpv6') {
    return name === 'type' ? { field: 'icmpv6 type', implies: [is('protocol', 'icmpv6')] } : undefined;
  }
  const field = ({ sport: 'source port', dport: 'destination port' } as const)[name];
  if (!field) return undefined;
  return { field, implies: protocol === 'th' ? [] : [is('protocol', protocol)] };
}

function plain(field: Field | undefined): Subject | undefined {
  return field && { field, implies: [] };
}

function is(field: Field, text: string): Condition {
  return { kind: 'field', field, negated: false, values: [{ text }] };
}

function listed(right: Json, sets: ReadonlyMap<string, readonly Json[]>): readonly Json[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) return sets.get(right.slice(1));
  if (Array.isArray(right)) return right;
  if (right !== null && typeof right === 'object' && 'set' in right) return right['set'] as readonly Json[];
  return [right];
}

function readValue(field: Field, value: Json): Value | undefined {
  if (value !== null && typeof value === 'object' && 'elem' in value) {
    return readValue(field, (value['elem'] as JsonObject)['val']!);
  }
  switch (field) {
    case 'source':
    case 'destination':
      return readAddress(value);
    case 'source port':
    case 'destination port':
      return readRange(value, (each) => (typeof each === 'number' ? each : undefined));
    case 'icmpv6 type':
      return readRange(value, readIcmpv6Type);
    case 'protocol':
      return isWord(value) ? { text: readProtocol(value) } : undefined;
    default:
      return isWord(value) ? { text: String(value) } : undefined;
  }
}

function isWord(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function readAddress(value: Json): Value | undefined {
  const { addr, len } =
    value !== null && typeof value === 'object' && 'prefix' in value
      ? (value['prefix'] as JsonObject)
      : { addr: value, len: undefined };
  if (typeof addr !== 'string' || (len !== undefined && typeof len !== 'number')) return undefined;
  const prefix = readAddressPrefix(addr, len);
  return prefix && { prefix };
}

function readRange(value: Json, number: (value: string | number) => number | undefined): Value | undefined {
  const ends =
    value !== null && typeof value === 'object' && 'range' in value
      ? (value['range'] as readonly Json[])
      : [value, value];
  const [first, last] = ends.map((end) => (isWord(end) ? number(end) : undefined));
  return first === undefined || last === undefined ? undefined : { first, last };
}

function word(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
