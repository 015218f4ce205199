import { expect, test } from 'vitest';
import { ipv4FromNumber } from '../../core/ipv4.ts';
import { parseProbe, probePath } from './path-probe.ts';

test('the size is that of the IPv4 packet', () => {
  expect(probePath(ipv4FromNumber(0xc0000263), 1500).slice(-3)).toEqual(['-s', '1472', '192.0.2.99']);
});

// Of iputils 20221126.
test.each([
  ['1280 bytes from 198.51.100.77: icmp_seq=1 ttl=63 time=0.769 ms', { answered: true }],
  ['From 203.0.113.77 icmp_seq=1 Frag needed and DF set (mtu = 1400)', { answered: false, told: 1400 }],
  ['ping: local error: message too long, mtu=1400', { answered: false, told: 1400 }],
  ['2 packets transmitted, 0 received, 100% packet loss, time 206ms', { answered: false }],
  ['PING 192.0.2.99 (192.0.2.99) 1472(1500) bytes of data.', { answered: false }],
])('%s', (text, expected) => expect(parseProbe(text)).toEqual(expected));
