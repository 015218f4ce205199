import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { infiniteLifetime } from '../core/instant.ts';
import { ipv6FromBigInt } from '../core/ipv6.ts';
import { formatPrefix, parsePrefix, prefixOf, type Prefix } from '../core/prefix.ts';
import type { Delegation, LeaseReport, ReportedPrefix } from './delegation.ts';
import { delegationLimit, dropExpired, dropUnconfirmed, mergeReport } from './merge-report.ts';

const at = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const one = at('2001:db8:a:aa80::/58');
const two = at('2001:db8:b:bb80::/58');
const inside = at('fd12:3456:789a::/58');

function said(prefix: Prefix, validLifetime = 3600, preferredLifetime = Math.min(validLifetime, 1800)): ReportedPrefix {
  return { iaid: 1, prefix, preferredLifetime, validLifetime };
}

function reply(...prefixes: ReportedPrefix[]): LeaseReport {
  return { interface: 'eth0', reason: 'RENEW6', prefixes, released: false, refused: [] };
}

const released: LeaseReport = { interface: 'eth0', reason: 'STOP6', prefixes: [], released: true, refused: [] };

const merge = (held: readonly Delegation[], report: LeaseReport, now: number, uplink = 'dsl'): readonly Delegation[] =>
  mergeReport(held, report, uplink, now, [inside]).delegations;

describe('mergeReport', () => {
  test('a first prefix', () => {
    expect(merge([], reply(said(one)), 1000)).toEqual([
      { uplink: 'dsl', iaid: 1, prefix: one, preferredUntil: 1_801_000, validUntil: 3_601_000, since: 1000 },
    ]);
  });

  test('a renewal of the same prefix changes deadlines only', () => {
    const held = merge([], reply(said(one)), 1000);
    expect(merge(held, reply(said(one)), 5000)).toEqual([
      { ...held[0], preferredUntil: 1_805_000, validUntil: 3_605_000 },
    ]);
  });

  test('what came last is the latest, also within a millisecond and when the clock was set back', () => {
    let held = merge([], reply(said(one)), 5000);
    for (const [prefix, now] of [
      [two, 5000],
      [one, 5000],
      [two, 1000],
      [one, 1000],
    ] as const) {
      held = merge(held, reply(said(prefix)), now);
      expect(held.toSorted((left, right) => right.since - left.since)[0]!.prefix).toEqual(prefix);
    }
  });

  test('another excluded part is news (RFC 6603), the same is none', () => {
    const part = (text: string): LeaseReport => reply({ ...said(one), excluded: at(text) });
    const held = merge([], part('2001:db8:a:aa85::/64'), 1000);
    expect(held).toMatchObject([{ excluded: at('2001:db8:a:aa85::/64') }]);
    expect(merge(held, part('2001:db8:a:aa85::/64'), 1000)).toBe(held);
    expect(merge(held, part('2001:db8:a:aa86::/64'), 1000)).toMatchObject([{ excluded: at('2001:db8:a:aa86::/64') }]);
    expect(merge(held, reply(said(one)), 1000)[0]).not.toHaveProperty('excluded');
  });

  test('RFC 8415 section 18.2.10.1: a prefix that a Reply leaves out stays, one with lifetime 0 goes', () => {
    const held = merge([], reply(said(one)), 1000);
    const both = merge(held, reply(said(two)), 2000);
    expect(both.map(({ prefix }) => formatPrefix(prefix))).toEqual([formatPrefix(one), formatPrefix(two)]);
    expect(both[0]).toBe(held[0]);
    expect(merge(both, reply(said(two), said(one, 0)), 3000).map(({ prefix }) => prefix)).toEqual([two]);
  });

  test('a prefix that comes back after another one is the latest again', () => {
    const both = merge(merge([], reply(said(one)), 1000), reply(said(two)), 2000);
    expect(merge(both, reply(said(one)), 3000).map(({ since }) => since)).toEqual([3000, 2000]);
    expect(merge(both, reply(said(two), said(one)), 3000).map(({ since }) => since)).toEqual([1000, 2000]);
  });

  test('RFC 8415 section 18.2.7: what was given up is gone, other uplinks keep theirs', () => {
    const held = merge(merge([], reply(said(one)), 0), reply(said(two)), 0, 'cable');
    expect(merge(held, released, 1)).toEqual([held[1]]);
    expect(merge(held, released, 1, 'third')).toBe(held);
  });

  test('a prefix across an inside network is refused', () => {
    const merged = mergeReport([], reply(said(at('fd12:3456:789a::/56')), said(one)), 'dsl', 0, [inside]);
    expect(merged.delegations.map(({ prefix }) => prefix)).toEqual([one]);
    expect(merged.refused.map(({ code }) => code)).toEqual(['delegation-refused']);
  });

  test('what the report itself refused is passed on', () => {
    const problem = { code: 'delegation-refused', message: 'x' } as const;
    expect(mergeReport([], { ...reply(), refused: [problem] }, 'dsl', 0, []).refused).toEqual([problem]);
  });

  test('an infinite lifetime never ends', () => {
    expect(merge([], reply(said(one, infiniteLifetime, infiniteLifetime)), 7)[0]?.validUntil).toBe(Infinity);
  });

  test('a server that renumbers all the time does not fill the memory', () => {
    let held: readonly Delegation[] = [];
    for (let index = 0; index < 3 * delegationLimit; index++) {
      const prefix = prefixOf(ipv6FromBigInt((0x20010db8n << 96n) + (BigInt(index) << 64n)), 64);
      held = merge(held, reply(said(prefix, infiniteLifetime)), index);
    }
    expect(held).toHaveLength(delegationLimit);
    expect(held.at(-1)?.since).toBe(3 * delegationLimit - 1);
  });
});

test('dropExpired', () => {
  const held = merge(merge([], reply(said(one, 10)), 0), reply(said(two, 20)), 0);
  expect(dropExpired(held, 9_999)).toBe(held);
  expect(dropExpired(held, 10_000)).toEqual([held[1]]);
});

const arbitraryReported = fc
  .record({ index: fc.integer({ min: 0, max: 5 }), valid: fc.integer({ min: 0, max: 50 }), part: fc.nat({ max: 100 }) })
  .map(({ index, valid, part }) =>
    said(
      prefixOf(ipv6FromBigInt((0x20010db8n << 96n) + (BigInt(index) << 72n)), 56),
      valid,
      Math.floor((valid * part) / 100),
    ),
  );
const arbitraryReport = fc.oneof(
  { weight: 8, arbitrary: fc.array(arbitraryReported, { maxLength: 4 }).map((prefixes) => reply(...prefixes)) },
  { weight: 1, arbitrary: fc.constant(released) },
);
const arbitraryHistory = fc.array(fc.record({ report: arbitraryReport, pause: fc.nat({ max: 30_000 }) }), {
  maxLength: 12,
});

function follow(history: readonly { report: LeaseReport; pause: number }[]): {
  held: readonly Delegation[];
  now: number;
} {
  let held: readonly Delegation[] = [];
  let now = 0;
  for (const { report, pause } of history) {
    now += pause;
    held = merge(dropExpired(held, now), report, now);
  }
  return { held, now };
}

describe('properties', () => {
  test('merging a report twice is merging it once, and says so by giving the same list', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryReport, (history, report) => {
        const { held, now } = follow(history);
        const merged = merge(held, report, now);
        expect(merge(merged, report, now)).toBe(merged);
      }),
    );
  });

  test('nothing ends but by its lifetime, a lifetime of 0 or a release', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryReport, (history, report) => {
        const { held, now } = follow(history);
        fc.pre(!report.released);
        const ended = new Set(
          report.prefixes.filter(({ validLifetime }) => validLifetime === 0).map(({ prefix }) => formatPrefix(prefix)),
        );
        const merged = new Set(merge(held, report, now).map(({ prefix }) => formatPrefix(prefix)));
        for (const { prefix } of held)
          expect(merged.has(formatPrefix(prefix)) || ended.has(formatPrefix(prefix))).toBe(true);
      }),
    );
  });

  test('a prefix stands once, what stays keeps its order, preferred never outlasts valid', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryReport, (history, report) => {
        const { held, now } = follow(history);
        const names = merge(held, report, now).map(({ prefix }) => formatPrefix(prefix));
        expect(new Set(names).size).toBe(names.length);
        const before = held.map(({ prefix }) => formatPrefix(prefix)).filter((name) => names.includes(name));
        expect(names.slice(0, before.length)).toEqual(before);
        for (const { preferredUntil, validUntil } of held) expect(preferredUntil).toBeLessThanOrEqual(validUntil);
      }),
    );
  });
});

test('what another router held meanwhile: only what the report names is kept', () => {
  const held = merge(merge([], reply(said(one)), 1000), reply(said(two)), 2000);
  expect(dropUnconfirmed(held, reply(said(two)), 'dsl').map(({ prefix }) => prefix)).toEqual([two]);
  expect(dropUnconfirmed(held, reply(said(two)), 'other')).toBe(held);
  expect(dropUnconfirmed(held, reply(), 'dsl')).toBe(held);
});
