import { expect, test } from 'vitest';
import { sixgate } from './sixgate.ts';

/** Node gives a child a socket there, and a socket cannot be opened by way of /dev/stdin. */
test('an intent comes from standard input, also where that is a socket', () => {
  const { code, stdout, stderr } = sixgate(
    ['generate', '6to4', '--for', 'ifupdown', '--intent', '-'],
    '{"ipv4":"8.8.8.8"}',
  );
  expect(stderr).toBe('');
  expect(stdout).toContain('address 2002:808:808::1/16');
  expect(code).toBe(0);
});
