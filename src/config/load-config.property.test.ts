import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { overlap } from '../core/prefix.ts';
import { compareConfigProblems } from './config-problem.ts';
import { loadConfig } from './load-config.ts';

const words = fc.constantFrom(
  'uplinks',
  'networks',
  'translate',
  'dsl',
  'home',
  'interface',
  'prefix',
  'from',
  'dhcpcd',
  'static',
  'length',
  'subnets',
  'id',
  'network',
  'uplink',
  'allow',
  'to',
  'tcp',
  'udp',
  'icmp',
  'mode',
  'hairpin',
  'inbound',
  'deny',
  'eth0',
  'fd12:3456:789a::/48',
  'fc::/58',
  'lan',
  'lan::1',
  '443',
  '9-1',
  '__proto__',
  'constructor',
  'toString',
  '<<',
  '',
);
const scalar = fc.oneof(words, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt());
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 5 }),
  ),
}));

/** Never throws; says something with a real place, in order, or gives a configuration. */
function expectAnswer(texts: string[]): void {
  const sources = texts.map((text, index) => ({ name: `${index}.yaml`, text }));
  const loaded = loadConfig(sources);
  if (loaded.ok) return;
  expect(loaded.problem.length).toBeGreaterThan(0);
  for (const { file, line, column, message, mend } of loaded.problem) {
    const lines = texts[Number.parseInt(file, 10)]!.split('\n');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    // One behind the end of the line, and its carriage return.
    expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 2);
    expect(message).not.toMatch(/undefined|NaN|\[object/);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(mend).toBeTruthy();
  }
  const names = sources.map(({ name }) => name);
  expect(loaded.problem).toEqual([...loaded.problem].sort(compareConfigProblems(names)));
}

test('any text is answered', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 2 }), expectAnswer), {
    numRuns: 300,
  });
});

test('any text of YAML characters is answered', () => {
  const unit = fc.constantFrom(...'ab:-[]{}"\'&*!|>%@#?,0~ \n\t\r\ufeff'.split(''), 'uplinks', ': ', '\n  ', '<<: ');
  fc.assert(fc.property(fc.array(fc.string({ unit, maxLength: 60 }), { minLength: 1, maxLength: 2 }), expectAnswer), {
    numRuns: 1000,
  });
});

test('any values in the place of others are answered', () => {
  const texts = fc.array(
    tree.map((value) => stringify(value)),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(fc.property(texts, expectAnswer), { numRuns: 1000 });
});

test('overlapping networks are found wherever they stand', () => {
  const prefix = fc
    .record({ bits: fc.bigInt(0n, 255n), length: fc.integer({ min: 56, max: 64 }) })
    .map(({ bits, length }) => ({
      address: (0xfd12_3456_789an << 80n) | ((bits >> BigInt(64 - length)) << BigInt(128 - length)),
      length,
    }));
  fc.assert(
    fc.property(fc.array(prefix, { minLength: 1, maxLength: 6 }), (prefixes) => {
      const text = prefixes.map(({ address, length }, index) => {
        const groups = address.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':');
        return `  n${index}: { prefix: "${groups}/${length}", subnets: { a: { id: 0 } } }\n`;
      });
      const loaded = loadConfig([{ name: 'c', text: `networks:\n${text.join('')}` }]);
      const overlapping = prefixes.some((one, index) =>
        prefixes.slice(index + 1).some((other) => overlap(one as never, other as never)),
      );
      expect(loaded.ok).toBe(!overlapping);
    }),
    { numRuns: 300 },
  );
});
