import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv6FromBigInt } from '../../core/ipv6.ts';
import { formatPrefix, prefixOf } from '../../core/prefix.ts';
import { formatHex, parseHex } from '../../core/bytes.ts';
import { decodeMessage } from './decode-message.ts';
import { duidFromBytes } from '../../core/duid.ts';
import { encodeMessage } from './encode-message.ts';
import type { AssociatedPrefix, Message } from './message.ts';
import { messageTypes, type MessageType } from './protocol-numbers.ts';

const uint32 = fc.nat({ max: 0xffff_ffff });
const duid = fc.uint8Array({ minLength: 3, maxLength: 130 }).map(duidFromBytes);
const status = fc.record({
  code: fc.nat({ max: 0xffff }),
  text: fc.string({ maxLength: 30 }).map((text) => text.replace(/[^ -~]/g, '?')),
});
const associatedPrefix: fc.Arbitrary<AssociatedPrefix> = fc
  .record({
    preferredLifetime: uint32,
    validLifetime: uint32,
    length: fc.nat({ max: 255 }),
    address: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(ipv6FromBigInt),
    longer: fc.option(fc.integer({ min: 1, max: 128 }), { nil: undefined }),
    subnetId: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  })
  .map(({ longer, subnetId, ...prefix }) => {
    const length = prefix.length + (longer ?? 200);
    if (length > 128) return prefix;
    const base = prefixOf(prefix.address, prefix.length).address;
    const within = subnetId & ((1n << BigInt(128 - prefix.length)) - 1n);
    return { ...prefix, excluded: prefixOf(ipv6FromBigInt(base | within), length) };
  });
const association = fc.record(
  { iaid: uint32, t1: uint32, t2: uint32, prefixes: fc.array(associatedPrefix, { maxLength: 4 }), status },
  { requiredKeys: ['iaid', 't1', 't2', 'prefixes'] },
);
const message: fc.Arbitrary<Message> = fc.record(
  {
    type: fc.constantFrom(...(Object.keys(messageTypes) as MessageType[])),
    transactionId: fc.nat({ max: 0xff_ffff }),
    associations: fc.array(association, { maxLength: 3 }),
    clientId: duid,
    serverId: duid,
    status,
    rapidCommit: fc.constant(true as const),
    reconfigureAccept: fc.constant(true as const),
    preference: fc.nat({ max: 255 }),
    asksFor: fc.nat({ max: 255 }),
    elapsed: fc.nat({ max: 0xffff }),
    requested: fc.array(fc.nat({ max: 0xffff }), { maxLength: 5 }),
    authentication: fc.record({
      protocol: fc.nat({ max: 255 }),
      algorithm: fc.nat({ max: 255 }),
      method: fc.nat({ max: 255 }),
      replay: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      information: fc.uint8Array({ maxLength: 20 }),
    }),
    solMaxRt: uint32,
  },
  { requiredKeys: ['type', 'transactionId', 'associations'] },
);

describe('decodeMessage', () => {
  test('reads back whatever encodeMessage writes', () => {
    fc.assert(
      fc.property(message, (given) => {
        expect(decodeMessage(encodeMessage(given))).toEqual({ ok: true, value: given });
      }),
      { seed: 9915, numRuns: 500 },
    );
  });

  test('is total: random bytes, and messages with bytes changed, cut off or put in', () => {
    const damage = fc.record({
      at: fc.nat({ max: 400 }),
      how: fc.constantFrom('change', 'cut', 'insert', 'double'),
      byte: fc.nat({ max: 255 }),
    });
    const damaged = fc.tuple(message, fc.array(damage, { minLength: 1, maxLength: 4 })).map(([given, blows]) => {
      let bytes = [...encodeMessage(given)];
      for (const { at, how, byte } of blows) {
        const place = at % (bytes.length + 1);
        if (how === 'change') bytes[place] = byte;
        else if (how === 'cut') bytes = bytes.slice(0, place);
        else if (how === 'insert') bytes.splice(place, 0, byte);
        else bytes = [...bytes, ...bytes.slice(4)];
      }
      return Uint8Array.from(bytes);
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), (bytes) => {
        const read = decodeMessage(bytes);
        expect(read.ok ? read.value.type in messageTypes : read.problem.code).toBe(read.ok ? true : 'report-refused');
        // What was understood is understood again.
        if (read.ok && !JSON.stringify(read, bigints).includes('"malformed"')) {
          expect(decodeMessage(encodeMessage(read.value))).toEqual(read);
        }
      }),
      { seed: 9915, numRuns: 3000 },
    );
  });

  test.each([
    ['nothing', '', 'it has 0 bytes'],
    ['three bytes', '070102', 'it has 3 bytes'],
    ['a relay’s message', '0c000000', 'its type is 12'],
    ['half an option', '070102030001', 'an option goes over its end'],
    ['an option longer than the message', '07010203 0001000a0003', 'an option goes over its end'],
    ['a DUID of two bytes', '07010203 000100020003', 'its option 1 is malformed'],
    ['two server identifiers', '07010203 00020003000301 00020003000302', 'its option 2 stands twice'],
    ['a short IA_PD', '07010203 0019000400000001', 'its IA_PD is malformed'],
    ['a short IAPREFIX', '07010203 00190014000000010000000000000000 001a000400000000', 'its IA_PD is malformed'],
    ['a rapid commit with data', '07010203 000e000100', 'its option 14 is malformed'],
    ['an authentication of ten bytes', '07010203 000b000a03010000000000000000', 'its option 11 is malformed'],
  ])('%s is refused', (_what, hex, why) => {
    expect(decodeMessage(parseHex(hex.replaceAll(' ', ''))!)).toEqual({
      ok: false,
      problem: { code: 'report-refused', message: `a DHCPv6 message is refused: ${why}` },
    });
  });

  test('options that nobody knows are passed over, and a status text cannot move the cursor', () => {
    const read = decodeMessage(parseHex('07010203fffe0002abcd000d000600011b5b3241')!);
    expect(read).toEqual({
      ok: true,
      value: { type: 'reply', transactionId: 0x010203, associations: [], status: { code: 1, text: '?[2A' } },
    });
  });
});

describe('RFC 6603 section 4.2: the excluded prefix', () => {
  // 2001:db8:a:aa80::/58 without its /64 number 5: 6 bits, at the left of one byte.
  const wire = (exclude: string): Uint8Array =>
    parseHex(
      '07010203' +
        `0019${(41 + exclude.length / 2).toString(16).padStart(4, '0')}000000010000000000000000` +
        `001a${(25 + exclude.length / 2).toString(16).padStart(4, '0')}00000001000000023a20010db8000aaa800000000000000000${exclude}`,
    )!;
  const excludedOf = (exclude: string): unknown => {
    const read = decodeMessage(wire(exclude));
    const excluded = read.ok ? read.value.associations[0]?.prefixes[0]?.excluded : read.problem.message;
    return typeof excluded === 'object' ? formatPrefix(excluded) : excluded;
  };

  test('is put together from its bits', () => {
    expect(excludedOf('004300024014')).toBe('2001:db8:a:aa85::/64');
    const read = decodeMessage(wire('004300024014'));
    expect(read.ok && formatHex(encodeMessage(read.value))).toBe(formatHex(wire('004300024014')));
  });

  test.each([
    ['no longer than the delegated one', '004300023a00'],
    ['longer than an address', '0043000a81000000000000000000'],
    ['more bytes than bits', '00430003401400'],
    ['no bits', '0043000140'],
    ['nothing', '00430000'],
  ])('%s: malformed, and told apart from none', (_what, exclude) => {
    expect(excludedOf(exclude)).toBe('malformed');
  });
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
