import { expect, test } from 'vitest';
import { ipv6FromBigInt } from '../core/ipv6.ts';
import { prefixOf } from '../core/prefix.ts';
import type { Delegation } from './delegation.ts';
import { rankDelegations } from './rank-delegations.ts';

function held(index: number, since: number, preferredUntil: number, validUntil: number, uplink = 'dsl'): Delegation {
  const prefix = prefixOf(ipv6FromBigInt((0x20010db8n << 96n) + (BigInt(index) << 72n)), 56);
  return { uplink, iaid: 1, prefix, since, preferredUntil, validUntil };
}

test('the latest preferred one is current, the rest is old', () => {
  const first = held(1, 0, 100, 200);
  const second = held(2, 10, 100, 200);
  expect(rankDelegations([first, second], 'dsl', 50)).toEqual({ current: second, old: [first] });
});

test('a deprecated one is current only where there is no preferred one', () => {
  const preferred = held(1, 0, 100, 200);
  const deprecated = held(2, 10, 40, 400);
  expect(rankDelegations([deprecated, preferred], 'dsl', 50)).toEqual({ current: preferred, old: [deprecated] });
  expect(rankDelegations([deprecated, preferred], 'dsl', 200)).toEqual({ current: deprecated, old: [] });
});

test('of two from one Reply the first in the list', () => {
  const first = held(1, 0, 100, 200);
  const second = held(2, 0, 150, 300);
  expect(rankDelegations([first, second], 'dsl', 50).current).toBe(first);
});

test('what ended and what is of another uplink does not count', () => {
  expect(rankDelegations([held(1, 0, 50, 50), held(2, 0, 99, 99, 'cable')], 'dsl', 50)).toEqual({ old: [] });
});
