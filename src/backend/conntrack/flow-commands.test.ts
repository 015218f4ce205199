import { expect, test } from 'vitest';
import { address, prefix } from '../../testing/healthy-host.ts';
import { countDeleted, deleteSelected, deleteStale, listFlows, parseFlows } from './flow-commands.ts';

// Lines as conntrack 1.4.7 prints them.
const listing = `tcp      6 431999 ESTABLISHED src=fd12:3456:789a::10 dst=2001:db8:ffff::80 sport=4000 dport=7777 src=2001:db8:ffff::80 dst=2001:db8:a:aa80::10 sport=7777 dport=4000 [ASSURED] mark=0 use=1
tcp      6 431999 ESTABLISHED src=fd12:3456:789a::10 dst=2001:db8:ffff::80 sport=4001 dport=7777 src=2001:db8:ffff::80 dst=2001:db8:a:aa80::10 sport=7777 dport=4001 [ASSURED] mark=0 use=1
udp      17 29 src=fd12:3456:789a::10 dst=2001:db8:ffff::80 sport=5000 dport=53 [UNREPLIED] src=2001:db8:ffff::80 dst=fd12:3456:789a::10 sport=53 dport=5000 mark=0 use=1
icmpv6   58 29 src=fd12:3456:789a:1::10 dst=2001:db8:ffff::80 type=128 code=0 id=77 src=2001:db8:ffff::80 dst=2001:db8:a:aa81::10 type=129 code=0 id=77 mark=0 use=1
unknown  253 599 src=fd12:3456:789a::11 dst=2001:db8:ffff::80 src=2001:db8:ffff::80 dst=fd12:3456:789a::11 mark=0 use=1
`;
const flow = (source: string, destination: string, replySource: string, replyDestination: string) => ({
  source: address(source),
  destination: address(destination),
  replySource: address(replySource),
  replyDestination: address(replyDestination),
});
const server = '2001:db8:ffff::80';

test('reads a flow of every protocol; those that differ in ports only once', () => {
  expect(parseFlows(listing)).toEqual([
    flow('fd12:3456:789a::10', server, server, '2001:db8:a:aa80::10'),
    flow('fd12:3456:789a::10', server, server, 'fd12:3456:789a::10'),
    flow('fd12:3456:789a:1::10', server, server, '2001:db8:a:aa81::10'),
    flow('fd12:3456:789a::11', server, server, 'fd12:3456:789a::11'),
  ]);
});

test.each([
  '',
  'conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown.\n',
  'tcp 6 1 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1\n',
  'tcp 6 1 src=fd00::1 dst=fd00::2 sport=1 dport=2\ntcp 6 1 src=fd00::2 dst=fd00::1 sport=2 dport=1\n',
])('passes over %j', (text) => {
  expect(parseFlows(text)).toEqual([]);
});

test('commands name flows by what conntrack takes a prefix for', () => {
  expect(listFlows('fd12::/58').join(' ')).toBe('conntrack -L -f ipv6 --orig-src fd12::/58');
  expect(deleteSelected({ which: 'translated-from', inside: 'fd12::/58' }).join(' ')).toBe(
    'conntrack -D -f ipv6 --orig-src fd12::/58 --src-nat',
  );
  const marked = { mark: 0x2000000, mask: 0xf000000 };
  expect(deleteSelected({ which: 'translated-from', inside: 'fd12::/58', marked }).join(' ')).toBe(
    'conntrack -D -f ipv6 --orig-src fd12::/58 --src-nat --mark 33554432/251658240',
  );
  expect(deleteSelected({ which: 'on-uplink', uplink: 'lte', marked }).join(' ')).toBe(
    'conntrack -D -f ipv6 --mark 33554432/251658240',
  );
  expect(deleteSelected({ which: 'towards', outside: '2001:db8::/58' }).join(' ')).toBe(
    'conntrack -D -f ipv6 --orig-dst 2001:db8::/58 --dst-nat',
  );
});

test('a line for each that is stale', () => {
  const source = address('fd12::1');
  const dead = address('2001:db8:b::1');
  expect(
    deleteStale([
      { source, replyDestination: dead },
      { source, replyDestination: source, towards: prefix('2000::/3') },
    ]),
  ).toBe(
    '-D -f ipv6 --orig-src fd12::1 --reply-dst 2001:db8:b::1\n' +
      '-D -f ipv6 --orig-src fd12::1 --orig-dst 2000::/3 --reply-dst fd12::1\n',
  );
  expect(deleteStale([])).toBe('');
});

test('counts what was deleted by what was printed', () => {
  expect(countDeleted(listing)).toBe(5);
  expect(countDeleted('conntrack v1.4.7 (conntrack-tools): 0 flow entries have been deleted.\n')).toBe(0);
});
