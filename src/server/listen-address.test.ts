import { expect, test } from 'vitest';
import { isLoopback, parseListenAddress } from './listen-address.ts';

test.each([
  ['[::1]:6460', { host: '::1', port: 6460, family: 6 }],
  ['[::]:80', { host: '::', port: 80, family: 6 }],
  ['[fe80::1%eth1]:0', { host: 'fe80::1%eth1', port: 0, family: 6 }],
  ['[2001:DB8:0::1]:65535', { host: '2001:db8::1', port: 65_535, family: 6 }],
  ['127.0.0.1:6460', { host: '127.0.0.1', port: 6460, family: 4 }],
])('%s', (text, value) => expect(parseListenAddress(text)).toEqual({ ok: true, value }));

test.each([
  ['6460', /address and a port are needed/],
  ['::1:6460', /address and a port are needed/],
  ['[::1]', /address and a port are needed/],
  ['[::1]:', /address and a port are needed/],
  ['[::1]:6460x', /address and a port are needed/],
  ['[::1]:65536', /more than 65535/],
  ['localhost:6460', /"localhost" is no address/],
  [':6460', /"" is no address/],
  ['[fe80::1%]:1', /no zone/],
  ['[fe80::g]:1', /fe80::g/],
])('%s is refused', (text, message) => {
  const parsed = parseListenAddress(text);
  expect(!parsed.ok && parsed.problem.message).toMatch(message);
});

test.each([
  ['::1', true],
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['::ffff:127.0.0.1', true],
  ['::', false],
  ['0.0.0.0', false],
  ['fe80::1%lo', false],
  ['127.example', false],
  ['::ffff:10.0.0.1', false],
])('loopback: %s is %s', (address, is) => expect(isLoopback(address)).toBe(is));
