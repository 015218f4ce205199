import { expect, test } from 'vitest';
import { chainName } from './chain-names.ts';
import { formatElementRule, parseElementRule } from './element-rule.ts';
import { parseSave } from './parse-save.ts';

test('chain names fit into what ip6tables takes, and differ', () => {
  expect(chainName('MAPPED', 'dsl-1')).toBe('SIXGATE-MAPPED-dsl-1');
  const long = 'a-very-long-name-of-an-uplink-1';
  expect(chainName('MAPPED', long).length).toBeLessThanOrEqual(28);
  expect(chainName('MAPPED', long)).not.toBe(chainName('MAPPED', long.replace('1', '2')));
});

test.each([
  ['SIXGATE-OUT-dsl', 'fd12::/58 : 2001:db8::/58'],
  ['SIXGATE-INTO-dsl', '2001:db8::/58 : fd12::/58'],
  ['SIXGATE-BACK-dsl', '2001:db8::/58'],
  ['SIXGATE-MAPPED-dsl', 'fd12::/58'],
])('an element of %s is its rule, and back', (chain, element) => {
  expect(parseElementRule(chain, formatElementRule(chain, element))).toBe(element);
});

test.each([
  ['SIXGATE-OUT-dsl', '-s fd12::/58 -o eth0 -j NETMAP --to 2001:db8::/58'],
  ['SIXGATE-OUT-dsl', '-d fd12::/58 -j NETMAP --to 2001:db8::/58'],
  ['SIXGATE-INTO-dsl', '-d 2001:db8::/58 -j ACCEPT'],
  ['SIXGATE-BACK-dsl', '-m conntrack --ctorigdst 2001:db8::/58 -j SIXGATE-OUT-other'],
  ['SIXGATE-MAPPED-dsl', '-j RETURN'],
  ['SIXGATE-POST', '-s fd12::/58 -j RETURN'],
])('in %s "%s" is no element', (chain, rule) => {
  expect(parseElementRule(chain, rule)).toBeUndefined();
});

test('packets that rules stopped are counted by what they are for', () => {
  const read = parseSave(`*mangle
:SIXGATE-PRE - [0:0]
:SIXGATE-FWD - [0:0]
:SIXGATE-ASK-dsl - [0:0]
:SIXGATE-LEAVE-dsl - [0:0]
:SIXGATE-ULA - [0:0]
[1:60] -A SIXGATE-PRE -i eth0 -j DROP
[2:60] -A SIXGATE-FWD -i eth0 -o eth0 -j DROP
[3:60] -A SIXGATE-ASK-dsl -j DROP
[4:60] -A SIXGATE-LEAVE-dsl -j DROP
[5:60] -A SIXGATE-ULA -j DROP
[60:60] -A SIXGATE-LEAVE-dsl -j RETURN
COMMIT
*filter
:SIXGATE-MAPPED-dsl - [0:0]
[7:60] -A SIXGATE-MAPPED-dsl -j REJECT --reject-with icmp6-policy-fail
COMMIT
`);
  expect(read.known && Object.fromEntries(read.value.counters)).toEqual({
    arriving: 1,
    returning: 2,
    denied: 3,
    leaving: 9,
    unmapped: 7,
  });
});

test.each([
  'garbage\n',
  '*nat\n-A SIXGATE-POST -j DROP\n',
  '[0:0] -A SIXGATE-POST -j DROP\n',
  "# Table `nat' is incompatible, use 'nft' tool.\n",
])('what is not understood makes all of it unknown: %j', (text) => {
  expect(parseSave(text).known).toBe(false);
});
