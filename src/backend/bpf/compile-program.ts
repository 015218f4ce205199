import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { deriveTranslator } from '../../core/rfc6296.ts';
import type { PrefixMapping, ProgramContent } from '../../engine/stateless.ts';
import { passedPriority } from '../passed-priority.ts';
import { findSymbols, type Symbol } from './find-symbols.ts';

/** Bytes of one entry in the tables of src/bpf/rfc6296.c. */
const sizes = { mapping: 24, address: 16 } as const;

/** The object with this content written into it. Problems: `program-unusable`, `program-full`. */
export function compileProgram(object: Uint8Array, content: ProgramContent): Result<Uint8Array> {
  const symbols = findSymbols(object);
  if (!symbols.ok) return symbols;
  const { littleEndian, byName } = symbols.value;
  const bytes = new Uint8Array(object); // a copy: slice() of what Node reads is none
  const view = new DataView(bytes.buffer);
  const find = (name: string): Symbol => byName.get(name) ?? { offset: 0, size: 0 };
  const word = (at: number, value: number): void => view.setUint32(at, value, littleEndian);
  const half = (at: number, value: bigint): void => view.setBigUint64(at, value, littleEndian);

  const { headers, indexes, networks, own } = content;
  const outward = sortMappings(content.outward);
  const inward = sortMappings(content.inward);
  const inside = sortMappings(networks.map((prefix) => ({ from: prefix, to: prefix })));
  const tables = [
    { name: 'outward', entries: outward.length, size: sizes.mapping },
    { name: 'inward', entries: inward.length, size: sizes.mapping },
    { name: 'networks', entries: inside.length, size: sizes.mapping },
    { name: 'own', entries: own.length, size: sizes.address },
  ];
  for (const { name, entries, size } of tables) {
    const room = Math.floor(find(name).size / size);
    if (room === 0) return fail(strange(name));
    if (entries > room) return fail(full(name, entries, room));
  }
  const settings = [
    headers.uplink,
    headers.detour,
    indexes?.uplink ?? 0,
    indexes?.detour ?? 0,
    ...tables.map(({ entries }) => entries),
    passedPriority.value,
  ];
  const place = find('settings');
  if (place.size !== settings.length * 4) return fail(strange('settings'));
  for (const [index, value] of settings.entries()) word(place.offset + index * 4, value);
  for (const [name, mappings] of [
    ['outward', outward],
    ['inward', inward],
    ['networks', inside],
  ] as const) {
    const { offset, size } = find(name);
    for (let at = offset + mappings.length * sizes.mapping; at < offset + size; at += sizes.mapping) half(at, halfOnes);
    for (const [index, { from, to }] of mappings.entries()) {
      const at = offset + index * sizes.mapping;
      const translator = name === 'networks' ? undefined : deriveTranslator(from, to);
      if (translator && !translator.ok) return translator;
      half(at, from.address >> 64n);
      half(at + 8, to.address >> 64n);
      word(at + 16, from.length);
      word(at + 20, translator?.value.adjustment ?? 0);
    }
  }
  for (const [index, address] of own.entries()) {
    const at = find('own').offset + index * sizes.address;
    half(at, address >> 64n);
    half(at + 8, address & halfOnes);
  }
  return succeed(bytes);
}

const halfOnes = (1n << 64n) - 1n;

/** The program searches by halving. */
function sortMappings(mappings: readonly PrefixMapping[]): PrefixMapping[] {
  return mappings.toSorted((one, other) => compare(one.from.address, other.from.address));
}

function compare(one: Ipv6Address, other: Ipv6Address): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function strange(name: string): Problem {
  return {
    code: 'program-unusable',
    message: `the compiled translator is not usable: it has no "${name}" of the size that this version writes`,
    mend: 'Build it anew with "npm run build", or install the package again.',
  };
}

function full(name: string, entries: number, room: number): Problem {
  return {
    code: 'program-full',
    message: `the translator has room for ${room} entries in "${name}", not for ${entries}`,
    mend: 'Make fewer subnets, or take "mode: stateful".',
  };
}
