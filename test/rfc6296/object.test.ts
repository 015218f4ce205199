import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileProgram } from '../../src/backend/bpf/compile-program.ts';
import { findSymbols } from '../../src/backend/bpf/find-symbols.ts';
import { parsePrefix, prefixOf, type Prefix } from '../../src/core/prefix.ts';
import type { ProgramContent } from '../../src/engine/stateless.ts';
import { repositoryRoot } from '../lab/repository.ts';

// What clang made, and what is written into it.

const object = readFileSync(join(repositoryRoot, 'dist/rfc6296.o'));
const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const inside = prefix('fd12:3456:789a::/58');
const outside = prefix('2001:db8:a:aa80::/58');
const content: ProgramContent = {
  direction: 'outbound',
  outward: [{ from: inside, to: outside }],
  inward: [{ from: outside, to: inside }],
  networks: [inside],
  own: [],
  headers: { uplink: 14, detour: 14 },
};

test('only the tables differ from what was compiled, which stays as it is', () => {
  const before = Uint8Array.from(object);
  const compiled = compileProgram(object, content);
  expect(Buffer.compare(object, before)).toBe(0);
  if (!compiled.ok) throw new Error(compiled.problem.message);
  const symbols = findSymbols(object);
  if (!symbols.ok) throw new Error(symbols.problem.message);
  const tables = ['settings', 'outward', 'inward', 'networks', 'own'].map((name) => symbols.value.byName.get(name)!);
  const odd = [...compiled.value.keys()].filter(
    (at) => compiled.value[at] !== object[at] && !tables.some(({ offset, size }) => at >= offset && at < offset + size),
  );
  expect(odd).toEqual([]);
  expect(Buffer.compare(compiled.value, object)).not.toBe(0);
  expect(compiled.value.length).toBe(object.length);
});

test('what does not fit, or cannot be mapped, is a problem', () => {
  const many = Array.from({ length: 1025 }, (_, index) => ({
    from: prefixOf((inside.address + (BigInt(index) << 64n)) as typeof inside.address, 64),
    to: prefixOf((outside.address + (BigInt(index) << 64n)) as typeof inside.address, 64),
  }));
  expect(compileProgram(object, { ...content, outward: many })).toMatchObject({ problem: { code: 'program-full' } });
  expect(compileProgram(object, { ...content, outward: many.slice(1) })).toMatchObject({ ok: true });
  const large = readFileSync(join(repositoryRoot, 'dist/rfc6296-large.o'));
  expect(compileProgram(large, { ...content, outward: many })).toMatchObject({ ok: true });
  const overlap = [{ from: inside, to: inside }];
  expect(compileProgram(object, { ...content, inward: overlap })).toMatchObject({
    problem: { code: 'mapping-overlap' },
  });
});

test('a damaged object is a problem and never throws', () => {
  for (const length of [0, 3, 63, 64, 1000, object.length >> 1, object.length - 64]) {
    expect(compileProgram(object.subarray(0, length), content)).toMatchObject({
      problem: { code: 'program-unusable' },
    });
  }
  const position = fc.integer({ min: 0, max: 63 });
  fc.assert(
    fc.property(fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { minLength: 1 }), (changes) => {
      const damaged = Buffer.from(object);
      for (const [at, byte] of changes) damaged[at] = byte;
      compileProgram(damaged, content);
    }),
  );
});
