import { expect, test } from 'vitest';
import { parseIp6tablesSave } from '../../backend/firewall/parse-ip6tables-save.ts';
import type { Packet } from './judge-packet.ts';
import { reachedRules } from './reached-rules.ts';

const established: Packet = {
  hooks: ['forward'],
  fields: {
    iifname: { text: 'eth1' },
    protocol: { text: 'tcp' },
    'ct state': { text: 'established' },
  },
};
/** Where the reached ones of rules that log stand, by chain and number among all. */
function reached(...rules: string[]): string[] {
  const chains = ':FORWARD ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:own - [0:0]\n:other - [0:0]\n';
  const [table] = parseIp6tablesSave(`*filter\n${chains}${rules.join('\n')}\n`, 'ip6tables');
  return reachedRules(table!, [established, established]).flatMap(({ chain, rule }) =>
    rule.work ? [`${chain} ${table!.chains.get(chain)!.rules.indexOf(rule)}`] : [],
  );
}
const log = (chain: string, match = ''): string => `-A ${chain} ${match} -j LOG`;
const accept = (match: string): string => `-A FORWARD ${match} -j ACCEPT`;

test.each([
  ['all of a chain', [log('FORWARD'), log('FORWARD', '-i eth1')], ['FORWARD 0', 'FORWARD 1']],
  ['what other packets reach is not', [log('FORWARD', '-i eth2'), log('INPUT')], []],
  ['what new flows reach is not', [log('FORWARD', '-m conntrack --ctstate NEW,INVALID')], []],
  [
    'nor what only the first packet of a connection does',
    [log('FORWARD', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN')],
    [],
  ],
  ['what some of them reach is', [log('FORWARD', '-p tcp -m tcp --dport 22')], ['FORWARD 0']],
  ['what may hold is', [log('FORWARD', '-m mark --mark 0x1')], ['FORWARD 0']],
  ['nothing behind a verdict over all', [accept('-m conntrack --ctstate ESTABLISHED'), log('FORWARD')], []],
  ['but behind one over some', [accept('-p tcp -m tcp --dport 22'), log('FORWARD')], ['FORWARD 1']],
  [
    'in a chain that is called, and behind it',
    ['-A FORWARD -j own', log('own'), log('FORWARD')],
    ['own 0', 'FORWARD 1'],
  ],
  ['not behind a call that ends it', ['-A FORWARD -j own', '-A own -j DROP', log('FORWARD')], []],
  ['behind one that returns', ['-A FORWARD -j own', '-A own -j RETURN', log('own'), log('FORWARD')], ['FORWARD 1']],
  ['not behind a goto', ['-A FORWARD -g own', log('own'), log('FORWARD')], ['own 0']],
  [
    'behind a call for some',
    ['-A FORWARD -p tcp -m tcp --dport 22 -j own', '-A own -j ACCEPT', log('FORWARD')],
    ['FORWARD 1'],
  ],
  ['behind a chain that is not there', ['-A FORWARD -j nosuch', log('FORWARD')], ['FORWARD 1']],
  ['a chain that calls itself ends', ['-A FORWARD -j own', '-A own -j own', log('own')], ['own 1']],
])('%s', (_, rules, expected) => {
  expect(reached(...rules)).toEqual(expected);
});

test('chains of nat see the first packet only', () => {
  const [nat] = parseIp6tablesSave('*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j LOG\n', 'ip6tables');
  expect(reachedRules(nat!, [{ ...established, hooks: ['prerouting'] }])).toEqual([]);
});
