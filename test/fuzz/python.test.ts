import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatIpv6, parseIpv6 } from '../../src/core/ipv6.ts';
import { formatPrefix, parsePrefix } from '../../src/core/prefix.ts';
import { createRandom } from '../faults/random.ts';
import { mutate } from './mutate.ts';
import { targets } from './targets.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const cases = process.env['SIXGATE_LONG'] === undefined ? 20_000 : 1_000_000;

/**
 * Reads JSON texts, a line each; writes canonical text, or an empty line where it is refused. For addresses also what inet_pton and
 * getaddrinfo of the C library say: "!" and what it is where they differ.
 */
const program = `
import ipaddress, json, socket, sys
def library(text):
    try:
        return '%x' % int.from_bytes(socket.inet_pton(socket.AF_INET6, text), 'big')
    except (OSError, ValueError):
        return ''
def resolver(text):
    try:
        found = socket.getaddrinfo(text, None, socket.AF_INET6, socket.SOCK_DGRAM, 0, socket.AI_NUMERICHOST)
        return '%x' % int(ipaddress.IPv6Address(found[0][4][0]))
    except (OSError, ValueError, UnicodeError):
        return ''
for line in sys.stdin:
    text = json.loads(line)
    if sys.argv[1] == 'address' and library(text) != resolver(text):
        print('!' + library(text) + ' ' + resolver(text))
        continue
    try:
        value = (ipaddress.IPv6Network if sys.argv[1] == 'prefix' else ipaddress.IPv6Address)(text)
        if sys.argv[1] == 'prefix':
            print('%x/%d' % (int(value.network_address), value.prefixlen))
        else:
            print('%x' % int(value) if library(text) == '%x' % int(value) else '!' + library(text))
    except ValueError:
        print('')
`;

test.each<['address' | 'prefix', string]>([
  ['address', "Python's ipaddress, inet_pton and getaddrinfo of the C library read it"],
  ['prefix', "Python's ipaddress reads it"],
])(
  `%s: read as %s (FUZZ_SEED=${seed})`,
  (what) => {
    const random = createRandom(seed);
    const { seeds, words } = targets.find(({ name }) => name === (what === 'address' ? 'IPv6 addresses' : 'prefixes'))!;
    for (let left = cases; left > 0; left -= 20_000) {
      const texts = Array.from({ length: Math.min(left, 20_000) }, () => mutate(seeds, words!, random).slice(0, 200))
        // It takes a zone behind a "%", a mask in the place of a length, a prefix without a length, and digits of all writings.
        .filter((text) => !text.includes('%') && !/[^ -~]/.test(text) && (what === 'address' || /\/\d+$/.test(text)));
      const answers = execFileSync('python3', ['-c', program, what], {
        input: texts.map((text) => `${JSON.stringify(text)}\n`).join(''),
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      }).split('\n');
      let taken = 0;
      for (const [index, text] of texts.entries()) {
        const ours = what === 'address' ? hexOf(text) : hexOfPrefix(text);
        if (ours !== '') taken++;
        // A length with zeros before it is written by nobody; Python takes it.
        if (/\/0\d+$/.test(text) && ours === '') continue;
        expect([text, ours]).toEqual([text, answers[index]]);
      }
      expect(taken).toBeGreaterThan(texts.length / 100);
    }
  },
  3_600_000,
);

function hexOf(text: string): string {
  const read = parseIpv6(text);
  if (!read.ok) return '';
  expect(parseIpv6(formatIpv6(read.value))).toEqual(read);
  return read.value.toString(16);
}

function hexOfPrefix(text: string): string {
  const read = parsePrefix(text);
  if (!read.ok) return '';
  expect(parsePrefix(formatPrefix(read.value))).toEqual(read);
  return `${read.value.address.toString(16)}/${read.value.length}`;
}
