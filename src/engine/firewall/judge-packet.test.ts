import { describe, expect, test } from 'vitest';
import { parseIp6tablesSave } from '../../backend/firewall/parse-ip6tables-save.ts';
import { prefix } from '../../testing/healthy-host.ts';
import type { FirewallTable } from './firewall.ts';
import { judgePacket, type Packet } from './judge-packet.ts';

const table = (policy: string, ...rules: string[]): FirewallTable =>
  parseIp6tablesSave(
    `*filter\n:INPUT ${policy} [0:0]\n:own - [0:0]\n:other - [0:0]\n${rules.join('\n')}\n`,
    'ip6tables',
  )[0]!;
const packet: Packet = {
  hooks: ['input'],
  fields: {
    iifname: { text: 'eth0' },
    protocol: { text: 'udp' },
    source: { prefix: prefix('fe80::/10') },
    'destination port': { first: 546, last: 546 },
    'ct state': { text: 'new' },
  },
};
const verdict = (policy: string, ...rules: string[]) => judgePacket(table(policy, ...rules), packet).verdict;

describe('a rule that matches all such packets decides', () => {
  test.each([
    ['passes', 'ACCEPT', []],
    ['stopped', 'DROP', []],
    ['passes', 'DROP', ['-A INPUT -p udp --dport 546 -j ACCEPT']],
    ['stopped', 'ACCEPT', ['-A INPUT -i eth+ -j DROP', '-A INPUT -j ACCEPT']],
    ['stopped', 'DROP', ['-A INPUT -p tcp --dport 546 -j ACCEPT']],
    ['stopped', 'DROP', ['-A INPUT -i eth -j ACCEPT']],
    ['passes', 'DROP', ['-A INPUT ! -i eth1 -j ACCEPT']],
    ['stopped', 'DROP', ['-A INPUT ! -i eth0 -j ACCEPT']],
    ['passes', 'DROP', ['-A INPUT -p udp --dport 500:600 -j ACCEPT']],
    ['passes', 'DROP', ['-A INPUT -s fe80::/9 -j ACCEPT']],
    ['passes', 'DROP', ['-A INPUT -j LOG', '-A INPUT -m state --state NEW,ESTABLISHED -j ACCEPT']],
  ] as const)('%s: policy %s, %j', (expected, policy, rules) => {
    expect(verdict(policy, ...rules)).toBe(expected);
  });
});

describe('chains', () => {
  test.each([
    ['passes', ['-A INPUT -j own', '-A own -j ACCEPT']],
    ['passes', ['-A INPUT -j own', '-A own -p tcp -j ACCEPT', '-A INPUT -j ACCEPT']],
    ['stopped', ['-A INPUT -g own', '-A INPUT -j ACCEPT']],
    ['passes', ['-A INPUT -j own', '-A own -j RETURN', '-A own -j DROP', '-A INPUT -j ACCEPT']],
    ['passes', ['-A INPUT -j own', '-A own -g other', '-A own -j DROP', '-A INPUT -j ACCEPT']],
    ['stopped', ['-A INPUT -j own', '-A own -j other', '-A other -j DROP', '-A INPUT -j ACCEPT']],
    ['unclear', ['-A INPUT -j own', '-A own -j own']],
    ['unclear', ['-A INPUT -j EXTENSION']],
  ] as const)('%s: %j', (expected, rules) => {
    expect(verdict('DROP', ...rules)).toBe(expected);
  });
});

describe('a rule that matches some or cannot be read', () => {
  test.each([
    ['unclear', 'DROP', '-A INPUT -s fe80::1/128 -j ACCEPT'],
    ['unclear', 'DROP', '-A INPUT -m limit --limit 3/hour -j ACCEPT'],
    ['unclear', 'DROP', '-A INPUT -m mark --mark 0x1 -j ACCEPT'],
    ['passes', 'ACCEPT', '-A INPUT -s fe80::1/128 -j DROP'],
    ['unclear', 'ACCEPT', '-A INPUT -m mark --mark 0x1 -j DROP'],
    ['stopped', 'DROP', '-A INPUT -i eth1 -m mark --mark 0x1 -j ACCEPT'],
    ['unclear', 'DROP', '-A INPUT -d 2001:db8::1/128 -j ACCEPT'],
    ['unclear', 'DROP', '-A INPUT --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT'],
  ] as const)('%s: policy %s, %s', (expected, policy, rule) => {
    expect(verdict(policy, rule)).toBe(expected);
  });
});

test('only the hooks that the packet passes have a say, and each of them', () => {
  const forward = { ...packet, hooks: ['forward'] };
  expect(judgePacket(table('DROP'), forward)).toEqual({ verdict: 'passes', where: 'ip6tables filter', chain: '' });
  const two = parseIp6tablesSave('*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n', 'ip6tables')[0]!;
  expect(judgePacket(two, { ...packet, hooks: ['input', 'forward'] })).toEqual({
    verdict: 'stopped',
    where: 'ip6tables filter, chain FORWARD',
    chain: 'FORWARD',
  });
});
