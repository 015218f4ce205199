import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYaml } from './read-yaml.ts';
import { writeYaml, type Draft } from './write-yaml.ts';

const scalarValue = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom(
    'eth0',
    'fd12::/58',
    '::',
    'yes',
    'null',
    '1e3',
    '0x1f',
    '12',
    '1:30',
    'servers::10',
    '- a',
    '# b',
    '2001:db8::',
    '6to4',
    '.5',
    'a:',
    'true',
  ),
  fc.bigInt({ min: 0n, max: 2n ** 48n }),
  fc.boolean(),
);
const key = fc.oneof(fc.constantFrom('home', 'lan', 'to', '1', 'on', 'a b', ''), fc.string({ maxLength: 6 }));

const { draft } = fc.letrec<{ draft: Draft; scalar: Draft; map: Draft; list: Draft }>((tie) => ({
  draft: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('map'), tie('list')),
  scalar: scalarValue.map((value) => ({ kind: 'scalar', value })),
  map: fc.record({
    kind: fc.constant('map' as const),
    entries: fc.array(fc.record({ key, value: tie('draft') }), { maxLength: 4 }),
    flow: fc.boolean(),
  }),
  list: fc.record({
    kind: fc.constant('list' as const),
    items: fc.array(tie('draft'), { maxLength: 3 }),
    flow: fc.boolean(),
  }),
}));

test('says of what it writes what reading it says', () => {
  fc.assert(
    fc.property(draft, (value) => {
      const written = writeYaml(value, 'config.yaml', ['made by a test']);
      const read = readYaml({ name: 'config.yaml', text: written.text });
      expect(read.problems).toEqual(written.problems.slice(0, 20));
      if (read.problems.length === 0) expect(written.node).toEqual(read.node);
    }),
    { numRuns: 500 },
  );
});

test('writes as a person would', () => {
  const scalar = (value: string | bigint | boolean): Draft => ({ kind: 'scalar', value });
  const written = writeYaml(
    {
      kind: 'map',
      entries: [
        {
          key: 'subnets',
          comment: 'in order',
          value: {
            kind: 'map',
            entries: [
              {
                key: 'lan',
                value: { kind: 'map', flow: true, entries: [{ key: 'id', value: { ...scalar(0n), at: 'lan.id' } }] },
              },
            ],
          },
        },
        {
          key: 'translate',
          value: {
            kind: 'list',
            items: [
              {
                kind: 'map',
                entries: [
                  { key: 'to', value: scalar('servers::10') },
                  { key: 'odd', value: scalar('no') },
                ],
              },
            ],
          },
        },
      ],
    },
    'config.yaml',
  );
  expect(written.text).toBe('# in order\nsubnets:\n  lan: { id: 0 }\ntranslate:\n  - to: servers::10\n    odd: "no"\n');
  expect(written.places).toEqual([{ at: 'lan.id', place: { file: 'config.yaml', line: 3, column: 14 } }]);
});
