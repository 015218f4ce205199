import { expect, test } from 'vitest';
import { parseRole } from './parse-role.ts';

test.each([
  ['active 12.34\n', { is: 'active', since: 1_012_340 }],
  ['passive 0.00\n', { is: 'passive', since: 1_000_000 }],
  ['fault 99', { is: 'fault', since: 1_099_000 }],
])('%j', (text, role) => {
  expect(parseRole(text, 1_000_000)).toEqual(role);
});

test.each(['', 'active', 'master 1.00\n', 'active 1.00 more\n', 'active -1\n', 'active 1e9\n', ' active 1.00\n'])(
  'not written by the script: %j',
  (text) => {
    expect(parseRole(text, 0)).toBeUndefined();
  },
);
