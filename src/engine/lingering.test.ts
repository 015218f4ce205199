import { expect, test } from 'vitest';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import type { Delegation } from './delegation.ts';
import { deriveLingering } from './lingering.ts';

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const [a, b] = [prefix('2001:db8:a::/48'), prefix('2001:db8:b::/48')];
const held = (...prefixes: Prefix[]): Delegation[] =>
  prefixes.map((each) => ({ uplink: 'dsl', iaid: 1, prefix: each, preferredUntil: 1e6, validUntil: 1e6, since: 0 }));

test('a prefix that ended lingers for ten seconds', () => {
  const after = deriveLingering([], held(a), held(b), 1000);
  expect(after).toEqual([{ uplink: 'dsl', prefix: a, until: 11_000 }]);
  expect(deriveLingering(after, held(b), held(b), 10_999)).toEqual(after);
  expect(deriveLingering(after, held(b), held(b), 11_000)).toEqual([]);
});

test('one that came back does not', () => {
  const after = deriveLingering([], held(a), held(b), 1000);
  expect(deriveLingering(after, held(b), held(b, a), 2000)).toEqual([]);
});

test('nothing changed, nothing lingers', () => {
  expect(deriveLingering([], held(a, b), held(a, b), 1000)).toEqual([]);
});
