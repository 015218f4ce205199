import { expect, test } from 'vitest';
import { homeConfig, homeDelegation, now, prefix } from '../../testing/healthy-host.ts';
import { deriveDesired } from '../../engine/desired.ts';
import { plan } from '../../engine/plan.ts';
import { compileScript } from './compile-script.ts';
import { formatElement, readSubnetElement } from './subnet-sets.ts';
import { compileWanted } from './wanted-tables.ts';

test.each([
  ['out64_dsl', 'fd12:1::/64 : 2001:db8::/64', 'fd12:1:: : 2001:db8::/64'],
  ['mapped64_a.64_b', 'fd12:1::/64', 'fd12:1::'],
])('in %s the key of %s is its first address', (set, element, text) => {
  expect(formatElement(set, element)).toBe(text);
  expect(readSubnetElement(text)).toBe(element);
});

test.each(['out_dsl', 'mapped_64', 'echo64_dsl', 'networks'])('in %s elements stay as they are', (set) => {
  expect(formatElement(set, 'fd12:1::/64')).toBe('fd12:1::/64');
});

const wantedFor = (text: string) =>
  compileWanted(deriveDesired(homeConfig, [{ ...homeDelegation, prefix: prefix(text) }], now));
const filled = (text: string): string[] =>
  [...wantedFor(text).tables.find(({ key }) => key === 'ip6 sixgate')!.elements]
    .filter(([name, elements]) => /^(out|in|mapped|outside)/.test(name) && elements.length > 0)
    .map(([name, elements]) => `${name}: ${elements.length}`);

test('a mapping of the whole network is an interval, those of its subnets are not', () => {
  expect(filled('2001:db8:a:aa80::/58')).toEqual(['out_dsl: 1', 'in_dsl: 1', 'mapped_dsl: 1', 'outside_dsl: 1']);
  expect(filled('2001:db8:a:aa80::/62')).toEqual([
    'out64_dsl: 3',
    'in64_dsl: 3',
    'mapped64_dsl: 3',
    'outside64_dsl: 3',
  ]);
});

test('from the one to the other in one transaction', () => {
  const { steps } = plan(
    { known: true, value: wantedFor('2001:db8:a:aa80::/58') },
    wantedFor('2001:db8:b:bb80::/62'),
    [],
  );
  const script = compileScript(steps)!.split('\n');
  expect(script).toContain('delete element ip6 sixgate out_dsl { fd12:3456:789a::/58 : 2001:db8:a:aa80::/58 }');
  expect(script.find((line) => line.startsWith('add element ip6 sixgate out64_dsl {'))).toContain(
    ' fd12:3456:789a:2:: : 2001:db8:b:bb82::/64',
  );
  expect(script).toContain(
    'add element ip6 sixgate outside64_dsl { 2001:db8:b:bb80::, 2001:db8:b:bb81::, 2001:db8:b:bb82:: }',
  );
});
