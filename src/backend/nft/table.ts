import { fingerprint } from '../../core/fingerprint.ts';
import { rememberOnce } from '../../core/remember-once.ts';
import type { SetPurpose, WantedTable } from '../../engine/kernel-state.ts';
import { formatElement } from './subnet-sets.ts';

/** The fixed and the changing part of an nftables table, as data. */
export interface Table {
  readonly family: 'inet' | 'ip6' | 'netdev';
  readonly name: string;
  readonly purpose: string;
  readonly sets: readonly TableSet[];
  readonly counters: readonly string[];
  readonly flowtables?: readonly Flowtable[];
  readonly chains: readonly Chain[];
}

export interface TableSet {
  readonly name: string;
  /** `map` where the type has a `:`. */
  readonly type: string;
  readonly interval: boolean;
  readonly purpose: SetPurpose;
  /** In nft's own notation (`KEY` or `KEY : VALUE`), but for those of `subnet-sets.ts`. */
  readonly elements: readonly string[];
}

/** Past the rules go those flows between its devices that a rule has added to it. */
export interface Flowtable {
  readonly name: string;
  /** Each has to be there when it is added; the kernel drops one that goes. */
  readonly devices: readonly string[];
  readonly purpose: SetPurpose;
}

export interface Chain {
  readonly name: string;
  /** Left out for a chain that others jump to. */
  readonly hook?: {
    /** `route`: a packet of this machine whose mark changes looks for its way once more. */
    readonly type: 'filter' | 'nat' | 'route';
    readonly hook: string;
    /** Of the family netdev only. The kernel lets the chain go with its device. */
    readonly device?: string;
    readonly priority: number;
  };
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** The rule in nft's grammar, without its comment. */
  readonly text: string;
  /** What it is for; becomes part of its comment, so that a reader of `nft list ruleset` sees it. */
  readonly why: string;
}

/**
 * A rule's comment ends in a fingerprint of its text: nft prints rules differently from version to version, but it
 * gives comments back as they were, and whoever edits a rule makes a new one without ours.
 */
export function ruleComment(rule: Rule): string {
  return `${rule.why} [${fingerprint(rule.text)}]`;
}

export function compileTable(table: Table): WantedTable {
  const { flowtables = [] } = table;
  return {
    key: `${table.family} ${table.name}`,
    purpose: table.purpose,
    // Only a table that is not there needs it.
    get definition() {
      return [
        ...table.sets.map(declareSet),
        ...table.counters.map((name) => `  counter ${name} {\n  }`),
        ...flowtables.map(({ name, devices }) => `  flowtable ${name} { ${declareDevices(devices)} }`),
        ...table.chains.map(declareChain),
      ].join('\n');
    },
    structure: describeStructure(table),
    elements: new Map([
      ...table.sets.map(({ name, elements }) => [name, sortElements(elements)] as const),
      ...flowtables.map(({ name, devices }) => [name, devices.map((device) => `"${device}"`).sort()] as const),
    ]),
    sets: new Map([...table.sets, ...flowtables].map(({ name, purpose }) => [name, purpose])),
  };
}

/** Of a set that did not change since the last time the very same list. */
const sortElements = rememberOnce((elements: readonly string[]): readonly string[] => elements.toSorted());

/**
 * The same table as short commands, one a line, each of its own transaction: for `nft -i`, which gives up silently on
 * a line of more than about a thousand characters (1.0.6).
 */
export function compileCommands(table: Table, tableFlags: string): string[] {
  const where = `${table.family} ${table.name}`;
  return [
    `add table ${where} { flags ${tableFlags}; }`,
    ...table.sets.flatMap((set) => [
      `add ${declareSet({ ...set, elements: [] })
        .trim()
        .replace(`${set.name} {`, `${where} ${set.name} {`)}`,
      ...set.elements.map((element) => `add element ${where} ${set.name} { ${formatElement(set.name, element)} }`),
    ]),
    ...table.counters.map((name) => `add counter ${where} ${name}`),
    ...table.chains.map((chain) => `add chain ${where} ${declareChainHead(chain)}`),
    ...table.chains.flatMap(({ name, rules }) =>
      rules.map((rule) => `add rule ${where} ${name} ${rule.text} comment "${ruleComment(rule)}"`),
    ),
  ];
}

/** One line for everything that is fixed; `parseRuleset` makes the same lines of what the kernel has. */
function describeStructure(table: Table): string[] {
  return [
    ...table.sets.map(({ name, type, interval }) => `set ${name}: ${type}${interval ? ' interval' : ''}`).sort(),
    ...table.counters.map((name) => `counter ${name}`).sort(),
    ...(table.flowtables ?? []).map(({ name }) => `flowtable ${name}: ingress 0`).sort(),
    ...table.chains.map(describeChain).sort(),
    ...table.chains.flatMap((chain) => chain.rules.map((rule) => `rule ${chain.name}: ${ruleComment(rule)}`)).sort(),
  ];
}

function describeChain({ name, hook }: Chain): string {
  return hook ? `chain ${name}: ${hook.type} ${hook.hook} ${hook.priority} accept` : `chain ${name}`;
}

/** The name of a chain and what it hooks into, as `add chain` takes them. */
export function declareChainHead({ name, hook }: Chain): string {
  return hook ? `${name} { ${declareHook(hook)} }` : name;
}

function declareSet(set: TableSet): string {
  const keyword = set.type.includes(' : ') ? 'map' : 'set';
  // Addresses in a map are those of prefixes: to nft they are intervals.
  const type = set.type.replace(' : ipv6_addr', ' : interval ipv6_addr');
  const flags = set.interval ? ' flags interval;' : '';
  const texts = set.elements.map((element) => formatElement(set.name, element));
  const elements = texts.length > 0 ? ` elements = { ${texts.join(', ')} };` : '';
  return `  ${keyword} ${set.name} { type ${type};${flags}${elements} }`;
}

/**
 * What stands in the block of a flowtable, also where devices are added to one or taken from it: Linux takes `counter`, by which
 * conntrack's counts go on, from whoever adds a device without saying it again.
 */
export function declareDevices(devices: readonly string[]): string {
  const list = devices.length > 0 ? ` devices = { ${devices.map((device) => `"${device}"`).join(', ')} };` : '';
  return `hook ingress priority 0;${list} counter;`;
}

function declareChain(chain: Chain): string {
  const { hook } = chain;
  return [
    `  chain ${chain.name} {`,
    ...(hook ? [`    ${declareHook(hook)}`] : []),
    ...chain.rules.map((rule) => `    ${rule.text} comment "${ruleComment(rule)}"`),
    '  }',
  ].join('\n');
}

function declareHook({ type, hook, device, priority }: NonNullable<Chain['hook']>): string {
  return `type ${type} hook ${hook}${device === undefined ? '' : ` device "${device}"`} priority ${priority}; policy accept;`;
}
