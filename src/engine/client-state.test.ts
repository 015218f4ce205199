import { expect, test } from 'vitest';
import { parsePrefix } from '../core/prefix.ts';
import { infiniteLifetime } from '../core/instant.ts';
import { reportClientState, type ClientState } from './client-state.ts';
import type { Delegation, ReportedPrefix } from './delegation.ts';

const prefix = (text: string) => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};
const one = prefix('2001:db8:a::/56');
const two = prefix('2001:db8:b::/56');
const now = 1_000_000;

const state = (prefixes: readonly ReportedPrefix[], empty: ClientState['empty'] = 'hold'): ClientState => ({
  interface: 'eth0',
  reason: 'read',
  prefixes,
  refused: [],
  empty,
});
const held = (of = one, preferred = 1800, valid = 3600): Delegation => ({
  uplink: 'dsl',
  iaid: 7,
  prefix: of,
  preferredUntil: now + preferred * 1000,
  validUntil: valid === infiniteLifetime ? Infinity : now + valid * 1000,
  since: now - 5000,
});
const seen = (of = one, preferredLifetime = 1800, validLifetime = 3600): ReportedPrefix => ({
  iaid: 0,
  prefix: of,
  preferredLifetime,
  validLifetime,
});

test('the first prefix is news, the same again is none', () => {
  expect(reportClientState(state([seen()]), [], now)).toMatchObject({ prefixes: [seen()], released: false });
  expect(reportClientState(state([seen()]), [held()], now)).toBeUndefined();
});

test('deadlines that differ by what reading takes are no news, a renewal is', () => {
  expect(reportClientState(state([seen(one, 1799.2, 3598.5)]), [held()], now)).toBeUndefined();
  expect(reportClientState(state([seen(one, 1790, 3590)]), [held()], now)).toBeDefined();
  expect(reportClientState(state([seen(one, 1800, 3650)]), [held()], now)).toBeDefined();
});

test('a preferred lifetime that is over stays over', () => {
  expect(reportClientState(state([seen(one, 0, 3600)]), [held(one, -500)], now)).toBeUndefined();
  expect(reportClientState(state([seen(one, 0, 3600)]), [held()], now)).toBeDefined();
});

test('for ever is for ever', () => {
  const for_ever = seen(one, infiniteLifetime, infiniteLifetime);
  const known = { ...held(), preferredUntil: Infinity, validUntil: Infinity };
  expect(reportClientState(state([for_ever]), [known], now)).toBeUndefined();
  expect(reportClientState(state([for_ever]), [held()], now)).toBeDefined();
});

test('what another has taken the place of is gone, under the IAID that it had', () => {
  const report = reportClientState(state([seen(two)]), [held()], now);
  expect(report?.prefixes).toEqual([seen(two), { iaid: 7, prefix: one, preferredLifetime: 0, validLifetime: 0 }]);
});

test('nothing at all: held, given up, or held for a while', () => {
  expect(reportClientState(state([]), [held()], now)).toBeUndefined();
  expect(reportClientState(state([], 'release'), [held()], now)).toMatchObject({ released: true });
  expect(reportClientState(state([], 'release'), [], now)).toBeUndefined();
  const cut = reportClientState(state([], { validFor: 300 }), [held(one, 1800, infiniteLifetime)], now);
  expect(cut?.prefixes).toEqual([{ iaid: 7, prefix: one, preferredLifetime: 0, validLifetime: 300 }]);
  expect(reportClientState(state([], { validFor: 300 }), [held(one, 0, 200)], now)).toBeUndefined();
});
