import { expect, test } from 'vitest';
import { printable, reasonOf } from './printable.ts';

test('foreign text is one short line that steers nothing', () => {
  expect(printable('a\u001b[2J\nb\u202e')).toBe(String.raw`a\u{1b}[2J\u{a}b\u{202e}`);
  expect(printable('x'.repeat(1000))).toHaveLength(300);
});

test('what JSON.parse quotes is made harmless too', () => {
  let reason = '';
  try {
    JSON.parse('\u001b]0;owned\u0007');
  } catch (error) {
    reason = reasonOf(error);
  }
  expect(reason).toContain(String.raw`\u{1b}`);
  expect(reasonOf('plain')).toBe('plain');
});
