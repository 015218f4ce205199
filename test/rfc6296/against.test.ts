import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatIpv6, ipv6FromBigInt, ipv6FromWords, parseIpv6, type Ipv6Address } from '../../src/core/ipv6.ts';
import { mapAddress } from '../../src/core/map-address.ts';
import { formatPrefix, parsePrefix, type Prefix } from '../../src/core/prefix.ts';
import { buildDatagram, buildPacket, checksumHolds, header, type ReadPacket } from '../translate/packet.ts';
import { makeBench, type TranslatorBench } from './translator-bench.ts';

// The program in the kernel against `core`, and both against the kernel's own SNPT, packet by packet on random addresses.

let bench: TranslatorBench;
beforeAll(() => void (bench = makeBench()));
afterAll(() => bench?.remove());

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
const far = '2001:db8:ffff::80';

/** Addresses in a prefix, whose words behind it are of all kinds: the special ones often. */
function addressesIn({ address, length }: Prefix, count: number): Ipv6Address[] {
  const word = fc.oneof(
    fc.constantFrom(0, 1, 0xffff, 0xfffe, 0x8000),
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0, max: 0xffff }),
  );
  const words = fc.array(word, { minLength: 8, maxLength: 8 });
  const hosts = (1n << BigInt(128 - length)) - 1n;
  return fc
    .sample(words, { numRuns: count, seed: 6296 })
    .map((each) => ipv6FromBigInt(address | (ipv6FromWords(each) & hosts)));
}

/** A datagram each, from these addresses or to them, known again by its place in the list. */
function datagrams(addresses: readonly Ipv6Address[], way: 'out' | 'in'): Buffer[] {
  return addresses.map((address, index) => {
    const ends =
      way === 'out'
        ? { source: formatIpv6(address), destination: far }
        : { source: far, destination: formatIpv6(address) };
    return buildPacket({ ...ends, next: header.udp, payload: buildDatagram(ends, { from: 1 + index, to: 1 + index }) });
  });
}

/** What became of each: the address on the other side, or "dropped". */
async function carried(addresses: readonly Ipv6Address[], way: 'out' | 'in'): Promise<string[]> {
  const seen = await bench.cross(way === 'out' ? 'inner' : 'outer', datagrams(addresses, way));
  const byPlace = new Map<number, ReadPacket>(
    seen.filter(({ next }) => next === header.udp).map((packet) => [packet.payload.readUInt16BE(0) - 1, packet]),
  );
  for (const packet of byPlace.values()) expect(checksumHolds(packet)).toBe(true);
  return addresses.map((_, index) => {
    const packet = byPlace.get(index);
    return packet ? (way === 'out' ? packet.source : packet.destination) : 'dropped';
  });
}

function byCore(addresses: readonly Ipv6Address[], inside: Prefix, outside: Prefix): string[] {
  return addresses.map((address) => {
    const mapped = mapAddress({ address, inside, outside, mode: 'rfc6296' });
    if (!mapped.ok) throw new Error(mapped.problem.message);
    return mapped.value.mapped === null ? 'dropped' : formatIpv6(mapped.value.mapped);
  });
}

const pairs: [string, string][] = [
  ['fd01:203:405::/48', '2001:db8:1::/48'],
  ['fd12:3456::/32', '2001:db8::/32'],
  ['fd12:3456:7800::/40', '2001:db8:ab00::/40'],
  ['fd12:3456:789a::/49', '2001:db8:a:8000::/49'],
  ['fd12:3456:789a::/56', '2001:db8:a:aa00::/56'],
  ['fd12:3456:789a::/58', '2001:db8:a:aa80::/58'],
  ['fd12:3456:789a:1::/64', '2001:db8:b:7::/64'],
  ['fd12:3456:789a:ffff::/64', '2001:db8:b:ffff::/64'],
  // Equal sums: nothing is to be adjusted.
  ['fd12:3456:789a:1::/64', '2001:db8:0:8bd3::/64'],
];

test.each(pairs)('%s and %s: out and back as core says, checksums stay right', async (inner, outer) => {
  const [inside, outside] = [prefix(inner), prefix(outer)];
  bench.load({
    networks: [inside],
    outward: [{ from: inside, to: outside }],
    inward: [{ from: outside, to: inside }],
  });
  const [out, back] = [addressesIn(inside, 300), addressesIn(outside, 300)];
  expect(await carried(out, 'out')).toEqual(byCore(out, inside, outside));
  expect(await carried(back, 'in')).toEqual(byCore(back, inside, outside));
});

test.each([700, 10_000])('%d mappings at once, each its own; the inside between them is dropped', async (count) => {
  const network = prefix('fd12:3456:789a::/48');
  const all = Array.from({ length: count }, (_, index) => ({
    from: prefix(`fd12:3456:789a:${(index * 2).toString(16)}::/64`),
    to: prefix(`2001:db8:b:${(2 * count - index).toString(16)}::/64`),
  }));
  bench.load({
    networks: [network],
    outward: all,
    inward: all.map(({ from, to }) => ({ from: to, to: from })),
  });
  // Of each some 700, the first and the last among them.
  const mappings = all.filter((_, index) => index % Math.ceil(count / 700) === 0 || index === count - 1);
  const host = (text: string): Ipv6Address => {
    const read = parseIpv6(text);
    if (!read.ok) throw new Error(read.problem.message);
    return read.value;
  };
  const mapped = mappings.map(({ from }, index) => host(formatPrefix(from).replace('/64', (index + 1).toString(16))));
  const expected = mapped.flatMap((address, index) => byCore([address], mappings[index]!.from, mappings[index]!.to));
  expect(await carried(mapped, 'out')).toEqual(expected);
  expect(await carried(expected.map(host), 'in')).toEqual(mapped.map(formatIpv6));
  const between = mappings.map(({ from }) => formatIpv6((from.address | (1n << 64n) | 1n) as Ipv6Address)).map(host);
  expect(new Set(await carried(between, 'out'))).toEqual(new Set(['dropped']));
});

test.each(pairs.filter(([inner]) => inner !== 'fd12:3456:789a:ffff::/64'))(
  "%s and %s: the kernel's SNPT says the same",
  async (inner, outer) => {
    const [inside, outside] = [prefix(inner), prefix(outer)];
    const { router } = bench;
    router.exec(['tc', 'filter', 'del', 'dev', 'wan', 'egress']);
    const rule = ['POSTROUTING', '-o', 'wan', '-s', inner, '-j', 'SNPT', '--src-pfx', inner, '--dst-pfx', outer];
    router.exec(['ip', '-6', 'route', 'replace', inner, 'dev', 'lan']);
    router.exec(['ip6tables', '-t', 'mangle', '-A', ...rule]);
    const addresses = addressesIn(inside, 300).filter((address) => {
      const mapped = mapAddress({ address, inside, outside, mode: 'rfc6296' });
      // SNPT lets pass two kinds that the RFC does not: subnet ffff, and an interface identifier of zeros.
      return mapped.ok && !['subnet-ffff', 'interface-id-zeros'].includes(mapped.value.reason ?? '');
    });
    try {
      expect(await carried(addresses, 'out')).toEqual(byCore(addresses, inside, outside));
    } finally {
      router.exec(['ip6tables', '-t', 'mangle', '-D', ...rule]);
    }
  },
);
