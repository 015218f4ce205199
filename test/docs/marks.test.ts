import { expect, test } from 'vitest';
import { matchShown } from './match-shown.ts';
import { parsePage } from './parse-page.ts';
import { playPage } from './play-page.ts';
import type { Stage } from './stage.ts';

const fence = '```';
const page = (...blocks: readonly string[]) => parsePage('x.md', `<!-- stage: lab -->\n\n${blocks.join('\n\n')}\n`);
const block = (info: string, text: string) => `${fence}${info}\n${text}\n${fence}`;
const stageThatSays = (output: string, code = 0): Stage => ({
  run: async () => Promise.resolve({ code, output }),
  start: async () => Promise.resolve(),
  write: async () => Promise.resolve(),
  act: async () => Promise.resolve(),
  end: async () => Promise.resolve(),
});

test.each([
  ['no mark', block('sh', 'true'), 'without a mark'],
  ['no language either', block('', 'true'), 'without a mark'],
  ['output of nothing', block('text out', 'x'), 'follows no command'],
  ['a second output', [block('sh on=a', 'x'), block('text out', 'x'), block('text out', 'x')].join('\n'), 'no command'],
  ['something that cannot vary', [block('sh on=a', 'x'), block('text out vary=mood', 'x')].join('\n'), '"mood"'],
  ['another language', block('python on=a', 'x'), 'only sh'],
  ['a mark that means nothing', block('sh on=a skip', 'x'), '"skip"'],
  ['a file that only the mark names', block('yaml on=a file=/etc/x', 'y'), 'does not say that this is /etc/x'],
  ['a command that hides', block('text drawing', 'a --- b\nsixgate run'), 'no drawing'],
  ['more than apt in install', block('sh install', 'apt install radvd && reboot'), 'one line'],
])('%s is a fault', (_, markdown, fault) => {
  expect(page(markdown).faults.join('\n')).toContain(fault);
});

test('commands without a stage are a fault, and text without any is none', () => {
  expect(parsePage('x.md', block('sh on=a', 'true')).faults).toHaveLength(1);
  expect(parsePage('x.md', 'words').faults).toEqual([]);
});

test('a block within a list is read without its indent', () => {
  expect(page(`- so:\n\n  ${fence}sh on=a\n  echo 1\n    echo 2\n  ${fence}`).steps).toMatchObject([
    { line: 5, text: 'echo 1\n  echo 2\n' },
  ]);
});

test.each([
  ['the same', 'a\n', '', 'a\n', true],
  ['blanks at the end', 'a\n', '', 'a  \n\n', true],
  ['something else', 'a\n', '', 'b\n', false],
  ['more lines', 'a\n', '', 'a\nb\n', false],
  ['dots for none', '...\na\n', '', 'a\n', true],
  ['dots for two', '...\na\n', '', 'x\ny\na\n', true],
  ['dots do not eat what is shown', '...\na\n', '', 'x\n', false],
  ['a time', 'at 2026-01-01T00:00:00.000Z.\n', 'time', 'at 2027-02-03T04:05:06.789Z.\n', true],
  ['a time that is not said to vary', 'at 2026-01-01T00:00:00.000Z.\n', '', 'at 2027-02-03T04:05:06.789Z.\n', false],
  ['time and span', '2026-01-01T00:00:00Z (1 h 2 min)\n', 'time,span', '2026-01-01T00:00:01Z (3 s)\n', true],
  ['a figure', '5 of 9\n', 'number', '17 of 9.5\n', true],
  ['a figure in a prefix', '2001:db8:1::/48 2\n', 'number', '2001:db8:2::/48 2\n', false],
  ['a column', 'a  b\n', 'blanks', 'a     b\n', true],
  ['a column that is not there', 'a  b\n', 'blanks', 'a b\n', false],
  ['a length', '::/48\n', 'number', '::/56\n', false],
  ['signs of expressions', 'a+b (c) [d]\n', '', 'a+b (c) [d]\n', true],
  ['signs of expressions, taken for such', 'a+b\n', '', 'aab\n', false],
])('shown and printed, %s', (_, text, vary, printed, same) => {
  expect(matchShown({ line: 1, text, vary: vary === '' ? [] : vary.split(',') }, printed)).toBe(same);
});

test('a page fails where the output is another, with its line', async () => {
  const shown = page(block('sh on=a', 'x'), block('text out', 'well'));
  expect((await playPage(shown, stageThatSays('well\n'))).failure).toBeUndefined();
  expect((await playPage(shown, stageThatSays('ill\n'))).failure).toMatch(/^x\.md:3: not as shown in line 7; .*\nill/);
});

test('a page fails where the exit code is another', async () => {
  const shown = page(block('sh on=a', 'x'));
  expect((await playPage(shown, stageThatSays('why\n', 1))).failure).toContain('exit code 1 instead of 0:\nwhy');
  expect((await playPage(page(block('sh on=a exit=1', 'x')), stageThatSays('', 1))).failure).toBeUndefined();
});
