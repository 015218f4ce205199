import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv6FromBigInt } from '../core/ipv6.ts';
import { prefixOf } from '../core/prefix.ts';
import type { Delegation } from './delegation.ts';
import { formatStored, parseStored } from './stored-delegations.ts';

const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
const deadline = fc.oneof(instant, fc.constant(Infinity));
const delegation: fc.Arbitrary<Delegation> = fc
  .record({
    uplink: fc.string(),
    iaid: fc.integer({ min: 0, max: 0xffff_ffff }),
    address: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
    length: fc.integer({ min: 1, max: 64 }),
    one: deadline,
    other: deadline,
    since: instant,
    longer: fc.option(fc.integer({ min: 1, max: 64 })),
  })
  .map(({ uplink, iaid, address, length, one, other, since, longer }) => ({
    uplink,
    iaid,
    prefix: prefixOf(ipv6FromBigInt(address), length),
    ...(longer !== null && { excluded: prefixOf(ipv6FromBigInt(address), length + longer) }),
    preferredUntil: Math.min(one, other),
    validUntil: Math.max(one, other),
    since,
  }));

const reading = fc.record({ boot: fc.uuid(), uptime: fc.nat(), wall: instant });

test('what is stored is read again', () => {
  fc.assert(
    fc.property(fc.array(delegation, { maxLength: 8 }), fc.option(reading), instant, (delegations, clock, until) => {
      const lingering = delegations.map(({ uplink, prefix }) => ({ uplink, prefix, until }));
      const stored = { delegations, lingering, ...(clock && { clock }) };
      expect(parseStored(formatStored(stored))).toEqual({ ok: true, value: stored });
    }),
  );
});

const good = formatStored({
  delegations: [
    {
      uplink: 'dsl',
      iaid: 1,
      prefix: prefixOf(ipv6FromBigInt(0x20010db8n << 96n), 58),
      preferredUntil: 1_000,
      validUntil: Infinity,
      since: 0,
    },
  ],
  lingering: [],
});

test('the form of the file', () => {
  expect(JSON.parse(good)).toEqual({
    schemaVersion: 1,
    delegations: [
      {
        uplink: 'dsl',
        iaid: 1,
        prefix: '2001:db8::/58',
        preferredUntil: '1970-01-01T00:00:01.000Z',
        validUntil: 'infinity',
        since: '1970-01-01T00:00:00.000Z',
      },
    ],
    lingering: [],
  });
});

test('a torn file is refused wherever it is torn', () => {
  for (let length = 0; length < good.trimEnd().length; length++) {
    expect(parseStored(good.slice(0, length))).toMatchObject({ ok: false, problem: { code: 'stored-unreadable' } });
  }
});

test.each([
  ['schemaVersion": 1', 'schemaVersion": 2'],
  ['"iaid": 1', '"iaid": -1'],
  ['"iaid": 1', '"iaid": 1.5'],
  ['"iaid": 1', '"iaid": "1"'],
  ['2001:db8::/58', '2001:db8::1/58'],
  ['2001:db8::/58', '$(reboot)'],
  ['"infinity"', '"never"'],
  ['"infinity"', 'null'],
  ['1970-01-01T00:00:01.000Z', '1970-02-31T99:00:01.000Z'],
  ['"infinity"', '"1970-01-01T00:00:00.500Z"'],
  ['"dsl"', '["dsl"]'],
  ['"iaid": 1', '"iaid": 1, "excluded": "2001:db9::/64"'],
  ['"iaid": 1', '"iaid": 1, "excluded": 64'],
])('refused: %s written as %s', (before, after) => {
  expect(good).toContain(before);
  expect(parseStored(good.replace(before, after))).toMatchObject({
    ok: false,
    problem: { code: 'stored-unreadable' },
  });
});

test('any text gives a value', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseStored(text).ok).toBe(false);
    }),
  );
});
