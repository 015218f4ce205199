import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test.each([
  ['eth0', 'eth0'],
  ['net/ipv6/conf/eth0.7/accept_ra=2', 'net/ipv6/conf/eth0.7/accept_ra=2'],
  ['fd12:3456:789a::/58,eth1', 'fd12:3456:789a::/58,eth1'],
  ['', `''`],
  ['~', `'~'`],
  ["it's $(here)", String.raw`'it'\''s $(here)'`],
])('%s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test('a shell reads back what was written', () => {
  const texts = fc
    .sample(fc.string({ unit: 'binary' }), { seed: 1, numRuns: 300 })
    .map((text) => text.replaceAll('\0', ''));
  const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(texts);
});
