import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatIni } from './ini.ts';
import { formatYaml, type YamlValue } from './yaml.ts';

describe('YAML', () => {
  const { value } = fc.letrec<{ value: YamlValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'yes',
        'no',
        'on',
        'null',
        '~',
        '1',
        '0x1',
        '1e3',
        '- a',
        'a: b',
        '# a',
        '2002::/16',
        '',
        'a\nb',
        '<<',
      ),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    ),
  }));

  test.each(['1.1', '1.2'] as const)('what was written is what is read, as version %s', (version) => {
    const run = fc.property(fc.dictionary(fc.string(), value, { noNullPrototype: true }), (document) => {
      // Without merge keys, which are no part of what is written.
      const read = parse(formatYaml(document), { version, merge: false, uniqueKeys: false }) as unknown;
      expect(read ?? {}).toEqual(JSON.parse(JSON.stringify(document)));
    });
    fc.assert(run, { numRuns: 300 });
  });
});

describe('INI', () => {
  test('sections with an empty line between', () => {
    const sections = [
      { name: 'Match', entries: [['Name', 'eth0'] as const] },
      { name: 'Route', entries: [['Type', 'unreachable'] as const, ['Destination', '2002::/24'] as const] },
    ];
    expect(formatIni(sections)).toBe('[Match]\nName=eth0\n\n[Route]\nType=unreachable\nDestination=2002::/24\n');
  });

  test.each(['a\nb', 'a\r', 'a\\', '%i', ' a', 'a '])('the value %j is a mistake of ours', (text) => {
    expect(() => formatIni([{ name: 'Match', entries: [['Name', text]] }])).toThrow(RangeError);
  });

  test('so is a key or a section that would be something else', () => {
    expect(() => formatIni([{ name: 'A]', entries: [] }])).toThrow(RangeError);
    expect(() => formatIni([{ name: 'A', entries: [['a=b', 'c']] }])).toThrow(RangeError);
  });
});
