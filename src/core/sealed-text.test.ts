import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeSeal, sealText } from './sealed-text.ts';

const scripts = fc
  .array(fc.string({ unit: fc.constantFrom('a', '#', ' ', '"') }))
  .map((lines) => `#!/bin/sh\n${lines.join('\n')}\n`);

test('ours is ours until somebody changes a character of it', () => {
  fc.assert(
    fc.property(scripts, fc.nat(), (text, where) => {
      const sealed = sealText(text);
      expect(judgeSeal(sealed)).toBe('ours');
      const lines = sealed.split('\n');
      const line = where % lines.length;
      const changed = lines.with(line, `${lines[line]}x`).join('\n');
      // Behind our own line a word may stand.
      expect(judgeSeal(changed)).toBe(line === 1 ? 'ours' : 'changed');
    }),
  );
});

test('a text without our line is of somebody else', () => {
  fc.assert(
    fc.property(scripts, (text) => {
      expect(judgeSeal(text)).toBe('foreign');
    }),
  );
});
