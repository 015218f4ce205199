import { expect, test } from 'vitest';
import { findSections, type Section } from './find-sections.ts';

const sections: readonly Section[] = [
  ['Tunnels', '', 'docs/tunnels.html', 'IPv6 packets travel inside IPv4 packets of protocol 41.'],
  ['Tunnels', 'The MTU', 'docs/tunnels.html#the-mtu', '1280 passes every path.'],
  ['Xen', '', 'docs/xen.html', `${'word '.repeat(60)}the MTU of a guest${' more'.repeat(60)}`],
];
const urls = (query: string) => findSections(sections, query).map(({ url }) => url);

test('every word has to be there, in any case, as part of a word too', () => {
  expect(urls('PROTOCOL 4')).toEqual(['docs/tunnels.html']);
  expect(urls('protocol xyz')).toEqual([]);
  expect(urls('  ')).toEqual([]);
});

test('what has it in its heading comes before what has it in its text', () => {
  expect(urls('mtu')).toEqual(['docs/tunnels.html#the-mtu', 'docs/xen.html']);
});

test('the excerpt is around the place', () => {
  const [found] = findSections(sections, 'guest');
  expect(found?.excerpt).toMatch(/^… .*the MTU of a guest.* …$/);
  expect(found!.excerpt.length).toBeLessThan(160);
});

test('no more than asked for', () => {
  expect(findSections(sections, 'e', 1)).toHaveLength(1);
});
