import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsPath, failoverPath, radvdConfigPath } from '../../daemon/paths.ts';
import { layOut } from '../drawing/layout.ts';
import { describeDrawing } from '../drawing/drawing.ts';
import { formatFragment, parseFragment } from '../form/fragment.ts';
import type { Values } from '../form/values.ts';
import type { Kind } from '../kinds/kind.ts';
import { menu } from '../kinds/menu.ts';
import { places } from '../kinds/places.ts';

const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'));
const kinds = await Promise.all(files.map(async (name) => ((await import(`./${name}`)) as { kind: Kind }).kind));

/** What people paste, mistype and attack with. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '64',
    '58',
    '200',
    '-1',
    '1e9',
    'eth0',
    'a b',
    '203.0.113.4',
    '10.0.0.1',
    '198.51.100.7',
  ),
  fc.constantFrom(
    'fd12:3456:789a::/48',
    'fd12::1/64',
    '2001:db8::/32',
    '::',
    '2001:db8:1::2/64',
    '2001:db8::/127',
    'fe80::1',
    'lan::10',
  ),
  fc.constantFrom(
    'static',
    '6to4',
    'networkd',
    'route',
    'yes',
    'no',
    'none',
    '02:00:5e:00:53:01',
    '443, 80',
    '9-1',
    '__proto__',
  ),
  fc.string({ maxLength: 8 }),
);

/** The example with one or two fields changed: with more, hardly anything would be valid. */
const valuesOf = (kind: Kind): fc.Arbitrary<Values> =>
  fc
    .subarray([...kind.fields], { minLength: 1, maxLength: 2 })
    .chain((fields) =>
      fc.record(
        Object.fromEntries(
          fields.map((field): [string, fc.Arbitrary<Values[string]>] => {
            if (field.kind === 'choice')
              return [field.key, fc.constantFrom(...field.choices.map(({ value }) => value))];
            if (field.kind === 'flag') return [field.key, fc.constantFrom('', 'yes')];
            if (field.kind === 'text') return [field.key, text];
            return [field.key, fc.array(fc.record(Object.fromEntries(field.columns.map(({ key }) => [key, text]))), { maxLength: 2 })]; // prettier-ignore
          }),
        ),
      ),
    )
    .map((changes) => ({ ...kind.example, ...changes }));

test('the menu offers what is there', () => {
  expect(menu.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
  for (const [index, name] of files.entries()) expect(`${kinds[index]!.name}.ts`).toBe(name);
});

test('files name the places where a daemon looks', () => {
  const paths = { config: '', runtimeDir: '/run/sixgate', stateDir: '' };
  expect(places).toEqual({
    eventsDirectory: eventsPath(paths),
    stateFile: failoverPath(paths),
    radvdConfig: radvdConfigPath(paths),
  });
});

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  test('its example is in order, and for its first target there are files and steps', () => {
    const made = kind.make(kind.example, kind.targets[0]!.name);
    expect(made.problems).toEqual([]);
    expect(made.files.length).toBeGreaterThan(0);
    expect(made.steps.length).toBeGreaterThan(0);
  });

  test('whatever is in the form: files or problems, a drawing, and never an exception', () => {
    fc.assert(
      fc.property(valuesOf(kind), fc.constantFrom(...kind.targets), (values, { name }) => {
        const { files: made, problems, drawing } = kind.make(values, name);
        expect(made.length > 0).toBe(problems.length === 0);
        for (const { message } of problems) expect(message).not.toMatch(/[\u{e000}\u{e001}]|undefined/u);
        expect(layOut(drawing, 300).boxes.length).toBe(drawing.layers.flat().length);
        expect(describeDrawing(drawing).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  test('the URL and the intent bring back the same files', () => {
    fc.assert(
      fc.property(valuesOf(kind), fc.constantFrom(...kind.targets), (values, { name }) => {
        const made = kind.make(values, name);
        if (made.files.length === 0) return;
        const { values: fromUrl } = parseFragment(formatFragment({ kind: kind.name, target: name, values }));
        expect(kind.make(fromUrl ?? {}, name).files).toEqual(made.files);
        const read = kind.fromIntent(JSON.parse(JSON.stringify(kind.toIntent(values))) as Record<string, unknown>);
        expect(read.lost).toEqual([]);
        // What stands beside the intent, such as the flavour of ifupdown, does not travel with it.
        const beside = Object.fromEntries(kind.fields.filter((field) => field.kind === 'choice' && field.outside).map(({ key }) => [key, values[key] ?? ''])); // prettier-ignore
        expect(kind.make({ ...read.values, ...beside }, name).files).toEqual(made.files);
      }),
      { numRuns: 200 },
    );
  });
});
