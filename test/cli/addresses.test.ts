import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { executable, jsonLines, sixgate } from './sixgate.ts';

const pair = ['--inside', 'fd12:3456:789a::/48', '--outside', '2001:db8::/48'];

test('ula: a new /48 each time', () => {
  const first = sixgate(['ula']);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^fd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::\/48\n$/);
  expect(sixgate(['ula']).stdout).not.toBe(first.stdout);
  expect(jsonLines(sixgate(['ula', '--json']))).toEqual([
    { schemaVersion: 1, prefix: expect.stringMatching(/^fd.*::\/48$/) as string },
  ]);
});

test('address: aligned columns', () => {
  expect(
    sixgate(['address', '2001:DB8::1', 'fe80::216:3eff:fe12:3456%eth0', '2002:cb00:7104::/48', 'ff02::1']),
  ).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      '2001:db8::1                    documentation          2001:db8::/32, RFC 3849',
      'fe80::216:3eff:fe12:3456%eth0  link-local             fe80::/10, RFC 4291      MAC 00:16:3e:12:34:56',
      '2002:cb00:7104::/48            6to4                   2002::/16, RFC 3056      IPv4 203.0.113.4',
      'ff02::1                        multicast, link-local  ff00::/8, RFC 4291',
      '',
    ].join('\n'),
  });
});

test('address --json: one object a line, in order', () => {
  const ended = sixgate([
    'address',
    '--json',
    '2002:C000:0204:0:0:0:0:1',
    'fd00::1/64',
    'fe80::1%eth0',
    'ff0e::1',
    'fc::/58',
  ]);
  expect(ended.code).toBe(0);
  expect(jsonLines(ended)).toMatchObject([
    {
      schemaVersion: 1,
      input: '2002:C000:0204:0:0:0:0:1',
      canonical: '2002:c000:204::1',
      scope: '6to4',
      embedded: [{ kind: '6to4', ipv4: '192.0.2.4' }],
    },
    { canonical: 'fd00::1/64', scope: 'unique-local', prefix: 'fd00::/64', reachable: false, embedded: [] },
    { canonical: 'fe80::1%eth0', scope: 'link-local', zone: 'eth0' },
    { canonical: 'ff0e::1', scope: 'multicast', multicastScope: 'global', reachable: true },
    { canonical: 'fc::/58', scope: 'unassigned', range: '::/0' },
  ]);
});

test('address -: from standard input, a malformed line is named and the others are answered', () => {
  const ended = sixgate(['address', '--json', '::1', '-', '::2'], 'fd00::1\r\n\n nonsense \nfd00::2');
  expect(ended.code).toBe(2);
  expect(jsonLines(ended).map(({ canonical }) => canonical)).toEqual(['::1', 'fd00::1', 'fd00::2', '::2']);
  expect(ended.stderr).toBe(
    'sixgate: line 3: "nonsense" is not an IPv6 address: "n" is not a hexadecimal digit (character 1)\n',
  );
});

test('address -: standard input that cannot be read, and none at all', () => {
  const directory = openSync('.', 'r');
  const { status, stderr } = spawnSync(executable, ['address', '-'], {
    stdio: [directory, 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  closeSync(directory);
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'sixgate: standard input: EISDIR\n' });
  expect(sixgate(['address', '-'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('address -: lines that come in pieces keep their order and number', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `2001:db8:${index.toString(16)}::größe`);
  lines[10_000] = '2001:db8::1';
  const ended = sixgate(['address', '--json', '-'], lines.join('\n'));
  expect(jsonLines(ended)).toMatchObject([{ canonical: '2001:db8::1' }]);
  expect(ended.stderr.split('\n')[10_000]).toMatch(/^sixgate: line 10002: "2001:db8:2711::größe"/);
});

test('map: the answer alone for one address, both sides for several', () => {
  expect(sixgate(['map', 'fd12:3456:789a::10', ...pair])).toEqual({ code: 0, stdout: '2001:db8::10\n', stderr: '' });
  const larger = ['--inside', 'fd12:3456:789a::/58', '--outside', '2001:db8:a:aa00::/56', '--subprefix'];
  expect(sixgate(['map', 'fd12:3456:789a:1::10', ...larger, '2']).stdout).toBe('2001:db8:a:aa81::10\n');
  expect(sixgate(['map', '2001:db8:a:aa81::10', ...larger, '2']).stdout).toBe('fd12:3456:789a:1::10\n');
  expect(sixgate(['map', 'fd12:3456:789a:1::10', ...larger, '4'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--subprefix: 2001:db8:a:aa00::/56 has no part "4" of /58') as unknown,
  });
  expect(sixgate(['map', 'fd12:3456:789a:1::10', '2001:db8::1', ...pair]).stdout).toBe(
    'fd12:3456:789a:1::10  ->  2001:db8:0:1::10\n2001:db8::1           ->  fd12:3456:789a::1\n',
  );
});

test('map: exit code 3 where an address is dropped, with the reason', () => {
  const ended = sixgate(['map', 'fd12:3456:789a::10', 'fd99::1', ...pair]);
  expect(ended).toMatchObject({ code: 3, stderr: '' });
  expect(ended.stdout).toContain('fd99::1             --  dropped: it is in neither');
  expect(sixgate(['map', 'fd99::1', ...pair])).toMatchObject({
    code: 3,
    stdout: 'dropped: it is in neither of the two prefixes\n',
  });
});

test('map --json --mode rfc6296: vectors of the RFC, in order', () => {
  const ended = sixgate(
    ['map', '--json', '-', '--mode', 'rfc6296', '--inside', 'fd01:203:405::/48', '--outside', '2001:db8:1::/48'],
    'fd01:203:405:1::1234\n2001:db8:1:d550::1234\nfd01:203:405:ffff::1\nfe80::1%eth0\n',
  );
  expect(ended.code).toBe(3);
  expect(jsonLines(ended)).toEqual([
    expect.objectContaining({ schemaVersion: 1, direction: 'out', mapped: '2001:db8:1:d550::1234', reason: null }),
    expect.objectContaining({ schemaVersion: 1, direction: 'in', mapped: 'fd01:203:405:1::1234', reason: null }),
    expect.objectContaining({ schemaVersion: 1, direction: 'out', mapped: null, reason: 'subnet-ffff' }),
    expect.objectContaining({ canonical: 'fe80::1%eth0', direction: null, mapped: null, reason: 'address-elsewhere' }),
  ]);
});

test('map: malformed outweighs dropped', () => {
  const ended = sixgate(['map', 'nonsense', 'fd99::1', 'fd12:3456:789a::1', '--json', ...pair]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('"nonsense"');
  expect(jsonLines(ended).map(({ mapped }) => mapped)).toEqual([null, '2001:db8::1']);
});

test.each([
  [['--inside', 'fd12:3456:789a:1::/48', '--outside', '2001:db8::/48'], '--inside: ', 'fd12:3456:789a::/48'],
  [['--inside', 'fd12:3456:789a::/48', '--outside', '2001:db8::'], '--outside: ', 'no prefix length'],
  [['--inside', 'fd12:3456:789a::/48', '--outside', 'fd12::/16'], 'overlap', 'Take two'],
  [['--inside', 'fd12::/80', '--outside', '2001:db8::/80', '--mode', 'rfc6296'], 'longer than /64', 'stateful'],
])('map: %j is refused', (options, ...shown) => {
  const ended = sixgate(['map', 'fd12:3456:789a::1', ...options]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  for (const part of shown) expect(ended.stderr).toContain(part);
});
