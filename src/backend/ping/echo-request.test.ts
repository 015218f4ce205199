import { expect, test } from 'vitest';
import { parseEcho, sendEcho } from './echo-request.ts';
import { address } from '../../testing/healthy-host.ts';

test('out of the interface, with the address, and with the mark where there is one', () => {
  const request = { target: address('2620:fe::fe'), source: address('2001:db8::2'), interface: 'eth3', timeout: 2 };
  const argv = 'ping -6 -n -c 1 -W 2 -I eth3 -I 2001:db8::2';
  expect(sendEcho({ ...request, mark: undefined }).join(' ')).toBe(`${argv} 2620:fe::fe`);
  expect(sendEcho({ ...request, mark: 0x2000000 }).join(' ')).toBe(`${argv} -m 33554432 2620:fe::fe`);
});

// Of iputils 20221126.
const sent = 'PING ::1(::1) from ::1 lo: 56 data bytes\n';
test.each([
  [0, `${sent}64 bytes from ::1: icmp_seq=1 ttl=64 time=0.024 ms\n`, '', { is: 'answered', milliseconds: 0.024 }],
  [0, `${sent}64 bytes from ::1: icmp_seq=1 ttl=64 time=12 ms\n`, '', { is: 'answered', milliseconds: 12 }],
  [1, `${sent}\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n`, '', { is: 'silent' }],
  [
    1,
    `${sent}From 2001:db8::1 icmp_seq=1 Destination unreachable: No route\n1 packets transmitted, 0 received, +1 errors\n`,
    '',
    { is: 'silent' },
  ],
  [2, '', 'ping: connect: Network is unreachable\n', { is: 'unasked', why: 'ping: connect: Network is unreachable' }],
  [
    2,
    '',
    'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n',
    { is: 'unasked', why: 'ping: socktype: SOCK_RAW' },
  ],
  [1, '', 'ping: unknown iface: eth9', { is: 'unasked', why: 'ping: unknown iface: eth9' }],
  [3, '', '', { is: 'unasked', why: 'ping ended with exit code 3' }],
])('exit code %d, %j %j', (code, stdout, stderr, answer) =>
  expect(parseEcho({ code, stdout, stderr })).toEqual(answer),
);
