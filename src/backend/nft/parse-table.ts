import { quote } from '../../core/quote.ts';
import { formatIpv6, parseIpv6 } from '../../core/ipv6.ts';
import type { Read, TableState } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';
import { isSubnetSet, readSubnetElement } from './subnet-sets.ts';

/** A value of nft's JSON as far as it is read here. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };
type Entry = readonly [kind: string, value: Json];

/** A table of ours with what its counters have seen. */
export interface CountedTable {
  readonly state: TableState;
  /** Packets, by name. */
  readonly counters: ReadonlyMap<string, number>;
}

/**
 * Reads the output of `nft -j list table FAMILY NAME` into the terms that `compileTable` wants them in. Anything of a
 * shape not known here makes the whole table unknown, never half empty.
 */
export function parseTable(text: string): Read<CountedTable> {
  return understand(text, (entries) => {
    const table = entries.find(([kind]) => kind === 'table')?.[1] as JsonObject | undefined;
    if (!table) throw new Error('it has no table');
    const sets = setsIn(entries);
    const state = {
      key: `${string(table['family'])} ${string(table['name'])}`,
      structure: [
        ...sets.map(describeSet).sort(),
        ...of(entries, 'counter')
          .map((counter) => `counter ${string(counter['name'])}`)
          .sort(),
        ...of(entries, 'flowtable').map(describeFlowtable).sort(),
        ...of(entries, 'chain').map(describeChain).sort(),
        ...of(entries, 'rule').map(describeRule).sort(),
      ],
      elements: new Map([
        ...sets.map((set) => [string(set['name']), readElements(set)] as const),
        ...of(entries, 'flowtable').map((flowtable) => [string(flowtable['name']), readDevices(flowtable)] as const),
      ]),
    };
    return { state, counters: readCounters(entries) };
  });
}

/** The elements of one set, from `nft -j list set FAMILY TABLE NAME` (or `map`), as `parseTable` has them. */
export function parseElements(text: string): Read<readonly string[]> {
  return understand(text, (entries) => {
    const [set] = setsIn(entries);
    if (!set) throw new Error('it has no set');
    return readElements(set);
  });
}

function understand<T>(text: string, meaning: (entries: readonly Entry[]) => T): Read<T> {
  try {
    const document = JSON.parse(text) as JsonObject;
    const entries = (document['nftables'] as readonly JsonObject[]).map((entry) => Object.entries(entry)[0]!);
    return { known: true, value: meaning(entries) };
  } catch (error) {
    return unknown(reasonOf(error));
  }
}

function setsIn(entries: readonly Entry[]): JsonObject[] {
  return entries.filter(([kind]) => kind === 'set' || kind === 'map').map(([, set]) => set as JsonObject);
}

function readCounters(entries: readonly Entry[]): Map<string, number> {
  return new Map(
    of(entries, 'counter').map((counter) => [string(counter['name']), number(counter['packets'])] as const),
  );
}

/** For `parseTableList`. For `nft list tables` nft 1.0.6 would read every element of every set. */
export const listTables = ['nft', 'list', 'chains'] as const;

/** Family and name of every table, from the text of `nft list chains`. Its JSON can't be used: see `parseCountersText`. */
export function parseTableList(text: string): Read<readonly string[]> {
  const lines = text.split('\n').filter((line) => !/^(\s|\}|#|$)/.test(line));
  const names = lines.map((line) => /^table (\S+ \S+)/.exec(line)?.[1]);
  const odd = names.indexOf(undefined);
  if (odd >= 0) return unknown(`${quote(lines[odd]!)} in the list of tables`);
  return { known: true, value: names as string[] };
}

/**
 * Packets of the named counters, from the text of `nft list table`. For tables with flags: nft 1.0.6 prints memory at
 * random for them in JSON, which may be no JSON at all.
 */
export function parseCountersText(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^\s*counter (\S+) \{\s*packets (\d+) bytes/gm)].map(([, name, packets]) => [
      name!,
      Number(packets),
    ]),
  );
}

function unknown(why: string): { known: false; why: string } {
  return { known: false, why: `the output of nft was not understood: ${why}` };
}

function of(entries: readonly Entry[], kind: string): JsonObject[] {
  return entries.filter(([name]) => name === kind).map(([, value]) => value as JsonObject);
}

function describeSet(set: JsonObject): string {
  const key = ([] as Json[])
    .concat(set['type'] as Json)
    .map(string)
    .join(' . ');
  const type = 'map' in set ? `${key} : ${string(set['map'])}` : key;
  return `set ${string(set['name'])}: ${type}${flags(set).includes('interval') ? ' interval' : ''}`;
}

function describeChain(chain: JsonObject): string {
  const name = string(chain['name']);
  if (!('hook' in chain)) return `chain ${name}`;
  return `chain ${name}: ${string(chain['type'])} ${string(chain['hook'])} ${number(chain['prio'])} ${string(chain['policy'])}`;
}

/** `flags` are told by newer nft only, and there is none of ours with any. */
function describeFlowtable(flowtable: JsonObject): string {
  return `flowtable ${string(flowtable['name'])}: ${string(flowtable['hook'])} ${number(flowtable['prio'])}`;
}

/** One device stands alone, several in a list, and where there is none so does no `dev`. */
function readDevices({ dev }: JsonObject): string[] {
  return ([] as Json[])
    .concat(dev ?? [])
    .map((device) => `"${string(device)}"`)
    .sort();
}

function describeRule(rule: JsonObject): string {
  return `rule ${string(rule['chain'])}: ${'comment' in rule ? string(rule['comment']) : 'not ours'}`;
}

function flags(set: JsonObject): readonly string[] {
  return ([] as Json[]).concat(set['flags'] ?? []).map(string);
}

function readElements(set: JsonObject): string[] {
  const interval = flags(set).includes('interval');
  const element = (value: Json): string => {
    if (typeof value === 'string')
      return readString(value, interval, string(([] as Json[]).concat(set['type'] as Json)[0]));
    if (Array.isArray(value)) return value.map(element).join(' : ');
    return readStructure(value as JsonObject);
  };
  const elements = ((set['elem'] as readonly Json[] | undefined) ?? []).map(element);
  return (isSubnetSet(string(set['name'])) ? elements.map(readSubnetElement) : elements).sort();
}

/** nft leaves out the length of a prefix of one address where the set has intervals. */
function readString(value: string, interval: boolean, type: string): string {
  // An index whose interface is gone is printed as a number, which no name is.
  if (type === 'ifname' || type === 'iface_index') return `"${value}"`;
  return interval ? `${readAddress(value)}/128` : readAddress(value);
}

/** Up to four groups, the last of them not 0: this is canonical as it stands, and there can be thousands of them. */
const firstHalf = /^(?:(?:0|[1-9a-f][\da-f]{0,3}):){0,3}[1-9a-f][\da-f]{0,3}::$/;

function readAddress(text: string): string {
  if (firstHalf.test(text)) return text;
  const address = parseIpv6(text);
  if (!address.ok) throw new Error(`"${text}" is no address`);
  return formatIpv6(address.value);
}

function readStructure(value: JsonObject): string {
  if ('prefix' in value) {
    const { addr, len } = value['prefix'] as JsonObject;
    return `${readAddress(string(addr))}/${number(len)}`;
  }
  if ('concat' in value) {
    return (value['concat'] as readonly Json[])
      .map((part) => (typeof part === 'object' && part !== null ? readStructure(part as JsonObject) : String(part)))
      .join(' . ');
  }
  if ('range' in value) return (value['range'] as readonly Json[]).map(String).join('-');
  if ('elem' in value) throw new Error('an element has options');
  throw new Error(`an element of an unknown shape: ${JSON.stringify(value)}`);
}

function string(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`a string was expected, not ${JSON.stringify(value)}`);
  return value;
}

function number(value: Json | undefined): number {
  if (typeof value !== 'number') throw new Error(`a number was expected, not ${JSON.stringify(value)}`);
  return value;
}
