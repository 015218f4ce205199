import { quote } from '../../core/quote.ts';
import { formatIpv6, parseIpv6 } from '../../core/ipv6.ts';
import type { Read, TableState } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** A value of nft's JSON as far as it is read here. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/**
 * Reads the output of `nft -j list table FAMILY NAME` into the terms that `compileTable` wants them in. Anything of a
 * shape not known here makes the whole table unknown, never half empty.
 */
export function parseTable(text: string): Read<TableState> {
  try {
    const document = JSON.parse(text) as JsonObject;
    const entries = (document['nftables'] as readonly JsonObject[]).map((entry) => Object.entries(entry)[0]!);
    const table = entries.find(([kind]) => kind === 'table')?.[1] as JsonObject | undefined;
    if (!table) return unknown('it has no table');
    const sets = entries.filter(([kind]) => kind === 'set' || kind === 'map').map(([, set]) => set as JsonObject);
    return {
      known: true,
      value: {
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
      },
    };
  } catch (error) {
    return unknown(reasonOf(error));
  }
}

/** Packets that each named counter of the table has seen. */
export function parseCounters(text: string): Read<ReadonlyMap<string, number>> {
  try {
    const entries = ((JSON.parse(text) as JsonObject)['nftables'] as readonly JsonObject[]).map(
      (entry) => Object.entries(entry)[0]!,
    );
    const counters = of(entries, 'counter').map(
      (counter) => [string(counter['name']), number(counter['packets'])] as const,
    );
    return { known: true, value: new Map(counters) };
  } catch (error) {
    return unknown(reasonOf(error));
  }
}

/** Family and name of every table, from `nft list tables`. Its JSON can't be used: see `parseCountersText`. */
export function parseTableList(text: string): Read<readonly string[]> {
  const lines = text.split('\n').filter((line) => line !== '');
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

function of(entries: readonly (readonly [string, Json])[], kind: string): JsonObject[] {
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
  return ((set['elem'] as readonly Json[] | undefined) ?? []).map(element).sort();
}

/** nft leaves out the length of a prefix of one address where the set has intervals. */
function readString(value: string, interval: boolean, type: string): string {
  // An index whose interface is gone is printed as a number, which no name is.
  if (type === 'ifname' || type === 'iface_index') return `"${value}"`;
  const address = parseIpv6(value);
  if (!address.ok) throw new Error(`"${value}" is no address`);
  return interval ? `${formatIpv6(address.value)}/128` : formatIpv6(address.value);
}

function readStructure(value: JsonObject): string {
  if ('prefix' in value) {
    const { addr, len } = value['prefix'] as JsonObject;
    const address = parseIpv6(string(addr));
    if (!address.ok) throw new Error(`"${string(addr)}" is no address`);
    return `${formatIpv6(address.value)}/${number(len)}`;
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
