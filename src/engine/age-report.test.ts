import { expect, test } from 'vitest';
import { infiniteLifetime } from '../core/instant.ts';
import { ipv6FromBigInt } from '../core/ipv6.ts';
import { prefixOf } from '../core/prefix.ts';
import { ageReport } from './age-report.ts';
import type { LeaseReport } from './delegation.ts';

const prefix = prefixOf(ipv6FromBigInt(0x20010db8n << 96n), 58);
const report = (...lifetimes: [preferred: number, valid: number][]): LeaseReport => ({
  interface: 'eth0',
  reason: 'BOUND6',
  prefixes: lifetimes.map(([preferredLifetime, validLifetime]) => ({
    iaid: 1,
    prefix,
    preferredLifetime,
    validLifetime,
  })),
  released: false,
  refused: [],
});

test('lifetimes run from the event on, rounded against us', () => {
  expect(ageReport(report([1800, 3600]), 100.2)).toEqual(report([1699, 3499]));
  expect(ageReport(report([50, 3600]), 100)).toEqual(report([0, 3500]));
});

test('what ended meanwhile is left out, an order to discard is kept, for ever stays for ever', () => {
  expect(ageReport(report([10, 100], [0, 0], [5, infiniteLifetime]), 100)).toEqual(
    report([0, 0], [0, infiniteLifetime]),
  );
});

test('what has just come is as it is', () => {
  const fresh = report([1, 2]);
  expect(ageReport(fresh, 0.4)).toBe(fresh);
});
