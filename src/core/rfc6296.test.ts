import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIpv6, ipv6FromWords, ipv6Words, parseIpv6, type Ipv6Address } from './ipv6.ts';
import { parsePrefix, prefixOf, type Prefix } from './prefix.ts';
import { deriveTranslator, mapInRfc6296, mapOutRfc6296, onesComplementSum, type Rfc6296Translator } from './rfc6296.ts';

function prefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function address(text: string): Ipv6Address {
  const read = parseIpv6(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function translator(inside: string, outside: string): Rfc6296Translator {
  const derived = deriveTranslator(prefix(inside), prefix(outside));
  if (!derived.ok) throw new Error(derived.problem.message);
  return derived.value;
}

/** The mapped address, or the reason of the drop. */
function out(by: Rfc6296Translator, text: string): string {
  const { mapped, reason } = mapOutRfc6296(by, address(text));
  return mapped === null ? reason : formatIpv6(mapped);
}

function back(by: Rfc6296Translator, text: string): string {
  const { mapped, reason } = mapInRfc6296(by, address(text));
  return mapped === null ? reason : formatIpv6(mapped);
}

describe('vectors', () => {
  // [source, inside prefix, outside prefix, inside address, outside address]
  test.each([
    ['section 3.6', 'fd01:203:405::/48', '2001:db8:1::/48', 'fd01:203:405:1::1234', '2001:db8:1:d550::1234'],
    [
      'Linux SNPT, /56',
      'fd01:203:405::/48',
      '2001:db8:1:ab00::/56',
      'fd01:203:405:1::1234',
      '2001:db8:1:ab01:2a4f::1234',
    ],
    [
      'Linux SNPT, /64',
      'fd01:203:405:1::/64',
      '2001:db8:1:ab12::/64',
      'fd01:203:405:1::1234',
      '2001:db8:1:ab12:2a3e::1234',
    ],
    ['DANOS', 'fd01:203:405:1::/64', '2001:db8:1::/48', 'fd01:203:405:1:1::1234', '2001:db8:1:0:d551::1234'],
    [
      'by hand',
      'fd01:203:405:1::/64',
      '2001:db8:1:ab12::/64',
      'fd01:203:405:1:ffff:1:2:3',
      '2001:db8:1:ab12:ffff:2a3f:2:3',
    ],
    ['by hand', 'fd01:203:405:1::/64', '2001:db8:1:ab12::/64', 'fd01:203:405:1:d5c1::1', '2001:db8:1:ab12::1'],
  ])('%s: %s and %s', (_source, inside, outside, in_, out_) => {
    const by = translator(inside, outside);
    expect(out(by, in_)).toBe(out_);
    expect(back(by, out_)).toBe(in_);
  });

  test('section 3.6: the sums and the adjustment', () => {
    expect(onesComplementSum(prefix('fd01:203:405::/48').address)).toBe(0xffff - 0xfcf5);
    expect(onesComplementSum(prefix('2001:db8:1::/48').address)).toBe(0xffff - 0xd245);
    expect(translator('fd01:203:405::/48', '2001:db8:1::/48').adjustment).toBe(0xd54f);
  });
});

describe('appendix B: all subnets of a /48', () => {
  const by = translator('fd01:203:405::/48', '2001:db8:1::/48');

  test('are mapped uniquely, keep their sum and come back; only ffff is dropped', () => {
    const seen = new Set<string>();
    const dropped: string[] = [];
    const wrong: string[] = [];
    for (let subnet = 0; subnet <= 0xffff; subnet++) {
      const inner = ipv6FromWords([0xfd01, 0x203, 0x405, subnet, 2, 3, 4, 5]);
      const { mapped, reason } = mapOutRfc6296(by, inner);
      if (mapped === null) {
        dropped.push(`${subnet.toString(16)} ${reason}`);
        continue;
      }
      seen.add(formatIpv6(mapped));
      // 0000 and ffff are both zero in one's complement.
      if (onesComplementSum(inner) % 0xffff !== onesComplementSum(mapped) % 0xffff) wrong.push(`sum ${subnet}`);
      if (mapInRfc6296(by, mapped).mapped !== inner) wrong.push(`back ${subnet}`);
      if (prefixOf(mapped, 48).address !== by.pair.outside.address) wrong.push(`prefix ${subnet}`);
    }
    expect(wrong).toEqual([]);
    expect(dropped).toEqual(['ffff subnet-ffff']);
    expect(seen.size).toBe(65535);
  });

  test('the other way round too', () => {
    let dropped = 0;
    for (let subnet = 0; subnet <= 0xffff; subnet++) {
      const outer = ipv6FromWords([0x2001, 0xdb8, 1, subnet, 2, 3, 4, 5]);
      const { mapped } = mapInRfc6296(by, outer);
      if (mapped === null) dropped++;
      else if (mapOutRfc6296(by, mapped).mapped !== outer) throw new Error(`subnet ${subnet}`);
    }
    expect(dropped).toBe(1);
  });
});

describe('drops', () => {
  test('section 3.2, 3.3, 4.2: subnet ffff of a /48', () => {
    const by = translator('fd01:203:405::/48', '2001:db8:1::/48');
    expect(out(by, 'fd01:203:405:ffff::1')).toBe('subnet-ffff');
    expect(back(by, '2001:db8:1:ffff::1')).toBe('subnet-ffff');
    // The subnet that would become ffff becomes 0.
    expect(out(by, 'fd01:203:405:2ab0::1')).toBe('2001:db8:1::1');
    expect(back(by, '2001:db8:1::1')).toBe('fd01:203:405:2ab0::1');
  });

  test('section 3.7: a shorter inside keeps only the subnets that fit', () => {
    const by = translator('fd01:203:405::/48', '2001:db8:1:ab00::/56');
    expect(out(by, 'fd01:203:405:ff::1')).toBe('2001:db8:1:abff:2a4f::1');
    expect(out(by, 'fd01:203:405:100::1')).toBe('subnet-unmapped');
    expect(back(by, '2001:db8:1:ab01:2a4f::1')).toBe('fd01:203:405:1::1');
    expect(back(by, '2001:db8:1:ac01:2a4f::1')).toBe('address-elsewhere');
  });

  test('section 3.7: a shorter outside is only used as far as the inside goes', () => {
    const by = translator('fd01:203:405:ab00::/56', '2001:db8:1::/48');
    expect(back(by, '2001:db8:1:1ff::1')).toBe('subnet-unmapped');
    expect(back(by, out(by, 'fd01:203:405:ab17::1'))).toBe('fd01:203:405:ab17::1');
  });

  test('section 3.7: interface identifiers of all zeros and all ones behind more than a /48', () => {
    const by = translator('fd01:203:405:1::/64', '2001:db8:1:ab12::/64');
    expect(out(by, 'fd01:203:405:1::')).toBe('interface-id-zeros');
    expect(back(by, '2001:db8:1:ab12::')).toBe('interface-id-zeros');
    expect(out(by, 'fd01:203:405:1:ffff:ffff:ffff:ffff')).toBe('interface-id-ones');
    // Behind a /48 the identifier is not touched.
    const by48 = translator('fd01:203:405::/48', '2001:db8:1::/48');
    expect(out(by48, 'fd01:203:405:1::')).toBe('2001:db8:1:d550::');
    expect(out(by48, 'fd01:203:405:1:ffff:ffff:ffff:ffff')).toBe('2001:db8:1:d550:ffff:ffff:ffff:ffff');
  });

  test('addresses that are not behind the prefix', () => {
    const by = translator('fd01:203:405::/48', '2001:db8:1::/48');
    expect(out(by, 'fd01:203:406::1')).toBe('address-elsewhere');
    expect(back(by, 'fd01:203:405::1')).toBe('address-elsewhere');
  });
});

describe('properties for any two lengths up to /64', () => {
  const words = fc.array(fc.oneof(fc.constantFrom(0, 0xffff, 0xfffe, 1), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  });
  const inside = fc
    .tuple(words, fc.integer({ min: 8, max: 64 }))
    .map(([bits, length]) => prefixOf(ipv6FromWords([0xfd00 | (bits[0]! & 0xff), ...bits.slice(1)]), length));
  const outside = fc
    .tuple(words, fc.integer({ min: 16, max: 64 }))
    .map(([bits, length]) => prefixOf(ipv6FromWords([0x2600, ...bits.slice(1)]), length));

  test('what is mapped keeps its sum, lies in the other prefix and comes back', () => {
    fc.assert(
      fc.property(inside, outside, words, fc.boolean(), (inner, outer, bits, outward) => {
        const derived = deriveTranslator(inner, outer);
        if (!derived.ok) throw new Error(derived.problem.message);
        const longer = Math.max(inner.length, outer.length);
        const from = outward ? inner : outer;
        const host = ipv6FromWords(bits) & ((1n << BigInt(128 - longer)) - 1n);
        const given = (from.address | host) as Ipv6Address;
        const [there, home] = outward ? [mapOutRfc6296, mapInRfc6296] : [mapInRfc6296, mapOutRfc6296];
        const { mapped, reason } = there(derived.value, given);
        const id = ipv6Words(given).slice(4).join(':');
        if (mapped === null) {
          if (longer <= 48) expect([reason, ipv6Words(given)[3]]).toEqual(['subnet-ffff', 0xffff]);
          else
            expect([`interface-id-zeros 0:0:0:0`, `interface-id-ones ${'65535:'.repeat(3)}65535`]).toContain(
              `${reason} ${id}`,
            );
          return;
        }
        expect(prefixOf(mapped, longer).address).toBe(outward ? outer.address : inner.address);
        expect(onesComplementSum(mapped) % 0xffff).toBe(onesComplementSum(given) % 0xffff);
        const returned = home(derived.value, mapped);
        // An identifier can become all zeros on its way; then there is no way back, as section 3.7 asks.
        if (returned.mapped === null) expect(returned.reason).toBe('interface-id-zeros');
        else expect(returned.mapped).toBe(given);
      }),
      { numRuns: 3000 },
    );
  });
});

test.each([
  ['fd01::/65', '2001:db8::/48', 'mapping-prefix'],
  ['fd01::/48', '2001:db8::/80', 'mapping-prefix'],
  ['ff02::/16', '2001:db8::/48', 'mapping-prefix'],
  ['fd01::/48', 'fe80::/64', 'mapping-prefix'],
  ['::/0', '2001:db8::/48', 'mapping-prefix'],
  ['fd01::/48', 'fd01::/64', 'mapping-overlap'],
])('no translator for %s and %s', (inside, outside, code) => {
  const derived = deriveTranslator(prefix(inside), prefix(outside));
  expect(derived.ok ? undefined : derived.problem.code).toBe(code);
});
