import { expect, test } from 'vitest';
import { canonicalHost, isAllowedHost } from './allowed-hosts.ts';

const own = new Set(['router.example', 'fd00::1', '192.0.2.9'].map(canonicalHost));
const local = '2001:db8::1';

test.each([
  'localhost',
  'localhost:6460',
  'LOCALHOST.:6460',
  'six.localhost',
  '127.0.0.1',
  '127.0.0.2:80',
  '[::1]:6460',
  '[0:0:0:0:0:0:0:1]',
  '[2001:db8::1]:6460',
  '[2001:DB8:0:0::1]',
  'router.example:443',
  'Router.Example.',
  '[fd00::1]',
  '192.0.2.9',
])('%s is ours', (header) => expect(isAllowedHost(header, local, own)).toBe(true));

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  'evillocalhost',
  '127.0.0.1.evil.example',
  '[2001:db8::2]',
  '192.0.2.10',
  '127.1',
  '::1',
  '[::1',
  '[localhost]',
  'localhost:port',
  'localhost:6460:6460',
  'a@localhost',
  'localhost/',
  'router.example,localhost',
])('%s is not', (header) => expect(isAllowedHost(header, local, own)).toBe(false));

test('the zone of a link-local address is not in the header', () => {
  expect(isAllowedHost('[fe80::1]:6460', 'fe80::1%eth1', own)).toBe(true);
});
