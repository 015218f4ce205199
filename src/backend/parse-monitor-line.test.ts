import { expect, test } from 'vitest';
import { parseMonitorLine } from './parse-monitor-line.ts';

test('a prefix as iproute2 6.1 prints it', () => {
  expect(parseMonitorLine('prefix 2001:db8:a:aa00::/64dev eth0 valid 7200 preferred 3600 ')).toEqual({
    about: 'prefix',
    interface: 'eth0',
    prefix: '2001:db8:a:aa00::/64',
    valid: 7200,
    preferred: 3600,
  });
});

test('a withdrawn prefix, with a blank and a flag between', () => {
  expect(parseMonitorLine('prefix 2001:DB8:A:AA00::/64 dev eth0 onlink autoconf valid 0 preferred 0')).toMatchObject({
    prefix: '2001:db8:a:aa00::/64',
    valid: 0,
    preferred: 0,
  });
});

test('the route to an announced link, as the kernel makes it when it has too many addresses already', () => {
  const line = '2001:db8:b:bb00::/64 dev eth0 proto kernel metric 256 expires 7200sec pref medium';
  const announced = {
    about: 'prefix',
    interface: 'eth0',
    prefix: '2001:db8:b:bb00::/64',
    valid: 7200,
    preferred: 7200,
  };
  expect(parseMonitorLine(line)).toEqual(announced);
  expect(parseMonitorLine(`Deleted ${line}`)).toBeUndefined();
  expect(parseMonitorLine('fd12:3456:789a::/64 dev eth1 proto kernel metric 256 pref medium')).toBeUndefined();
});

const flags = (text: string): string =>
  `2: eth0@if5: <${text}> mtu 1500 qdisc noqueue state UP group default \\    link/ether 02:00:00:00:aa:01 brd ff:ff:ff:ff:ff:ff`;

test.each([
  ['BROADCAST,MULTICAST,UP,LOWER_UP', true],
  ['BROADCAST,MULTICAST', false],
  ['NO-CARRIER,BROADCAST,MULTICAST,UP', false],
  ['NO-CARRIER,BROADCAST,MULTICAST,UP,LOWER_UP', false],
])('%s: carrier %s', (text, carrier) => {
  expect(parseMonitorLine(flags(text))).toEqual({ about: 'link', interface: 'eth0', carrier });
});

test.each([
  '',
  'prefix nonsense/64dev eth0 valid 1 preferred 1',
  'prefix 2001:db8::1/64dev eth0 valid 1 preferred 1',
  'Deleted 2: eth0: <UP> mtu 1500',
  'fe80::1 dev eth0 lladdr 02:00:00:00:00:fe router REACHABLE',
])('says nothing: %s', (line) => {
  expect(parseMonitorLine(line)).toBeUndefined();
});
