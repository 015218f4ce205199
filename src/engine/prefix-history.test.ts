import { expect, test } from 'vitest';
import { parsePrefix } from '../core/prefix.ts';
import type { Delegation } from './delegation.ts';
import { formatHistory, historyLimit, parseHistory, recordHistory } from './prefix-history.ts';

function delegation(text: string, since: number): Delegation {
  const prefix = parsePrefix(text);
  if (!prefix.ok) throw new Error(prefix.problem.message);
  return { uplink: 'dsl', iaid: 1, prefix: prefix.value, preferredUntil: 9e9, validUntil: 9e9, since };
}
const a = delegation('2001:db8:a::/56', 0);
const b = delegation('2001:db8:b::/56', 60_000);

test('a prefix is open while it is delegated, and closed when it no longer is', () => {
  const first = recordHistory([], [a], 1000);
  expect(first).toEqual([{ uplink: 'dsl', prefix: '2001:db8:a::/56', since: '1970-01-01T00:00:00.000Z', until: null }]);
  expect(recordHistory(first, [a], 2000)).toBe(first);
  const second = recordHistory(first, [b], 61_000);
  expect(second.map(({ prefix, until }) => [prefix, until])).toEqual([
    ['2001:db8:a::/56', '1970-01-01T00:01:01.000Z'],
    ['2001:db8:b::/56', null],
  ]);
  expect(parseHistory(formatHistory(second))).toEqual(second);
});

test('a prefix that comes back is an entry of its own', () => {
  const gone = recordHistory(recordHistory([], [a], 0), [], 1000);
  expect(recordHistory(gone, [{ ...a, since: 2000 }], 2000)).toHaveLength(2);
});

test('it is bounded, and garbage is no history', () => {
  let history = recordHistory([], [], 0);
  for (let index = 0; index < historyLimit + 20; index++) {
    history = recordHistory(history, [delegation(`2001:db8:${index.toString(16)}::/56`, index)], index);
  }
  expect(history).toHaveLength(historyLimit);
  expect(history.at(-1)).toMatchObject({ until: null });
  for (const text of ['', '{', '[]', '{"history": 1}', '{"history": [{"uplink": 1}]}'])
    expect(parseHistory(text)).toEqual([]);
});
