import { expect, test } from 'vitest';
import type { Node } from './node.ts';
import { readYaml } from './read-yaml.ts';

const plain = (node: Node): unknown => {
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, node }) => [key, plain(node)]));
  return node.kind === 'list' ? node.items.map(plain) : node.value;
};
const read = (text: string): unknown => {
  const { node, problems } = readYaml({ name: 'f', text });
  expect(problems).toEqual([]);
  return node && plain(node);
};

test('an alias means the last anchor of its name before it, also after a copy of an earlier one', () => {
  expect(read('a: &x { k: &y 1 }\nb: &y 2\nc: *x\nd: *y\n')).toEqual({ a: { k: 1n }, b: 2n, c: { k: 1n }, d: 2n });
});

test('a copy stands where the text is', () => {
  const { node } = readYaml({ name: 'f', text: 'a: &x\n  - one\nb: *x\n' });
  const copy = node?.kind === 'map' ? node.entries[1]?.node : undefined;
  expect(copy?.kind === 'list' && copy.items[0]?.place).toEqual({ file: 'f', line: 2, column: 5 });
});

test('the words of YAML 1.1 are texts, and keys are as they were written', () => {
  expect(read('on: yes\n0x10: 0x10\n~: off\n"": 12:34\n')).toEqual({ on: 'yes', '0x10': 16n, '~': 'off', '': '12:34' });
});
