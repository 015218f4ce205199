import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatIpv6, parseIpv6 } from '../../src/core/ipv6.ts';
import { formatPrefix, parsePrefix } from '../../src/core/prefix.ts';
import { createRandom } from '../faults/random.ts';
import { mutate } from './mutate.ts';
import { targets } from './targets.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const cases = process.env['SIXGATE_LONG'] === undefined ? 20_000 : 1_000_000;

/** Reads JSON texts, a line each; writes canonical text, or an empty line where it is refused. */
const program = `
import ipaddress, json, sys
for line in sys.stdin:
    text = json.loads(line)
    try:
        value = (ipaddress.IPv6Network if sys.argv[1] == 'prefix' else ipaddress.IPv6Address)(text)
        if sys.argv[1] == 'prefix':
            print('%x/%d' % (int(value.network_address), value.prefixlen))
        else:
            print('%x' % int(value))
    except ValueError:
        print('')
`;

test.each(['address', 'prefix'] as const)(
  `an %s is read as Python's ipaddress reads it (FUZZ_SEED=${seed})`,
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
