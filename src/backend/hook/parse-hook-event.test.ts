import { expect, test } from 'vitest';
import { formatPrefix } from '../../core/prefix.ts';
import { isHookEvent, parseHookEvent } from './parse-hook-event.ts';

const text = (...variables: string[]): string => variables.map((each) => `${each}\0`).join('');

function told(...variables: string[]): string[] {
  const read = parseHookEvent(text(...variables));
  if (!read.ok) return [read.problem.code];
  const { says } = read.value;
  return [
    ...('released' in says && says.released ? ['released'] : []),
    ...says.prefixes.map(
      ({ iaid, prefix, preferredLifetime, validLifetime, excluded }) =>
        `${iaid} ${formatPrefix(prefix)} ${preferredLifetime} ${validLifetime}${excluded ? ` without ${formatPrefix(excluded)}` : ''}`,
    ),
    ...says.refused.map(({ code }) => code),
  ];
}

// Recorded from dhclient 4.4.3-P1, without what is not read.
const dhclient = ['sixgate_client=dhclient', 'interface=eth0'];
const fresh = [
  'new_iaid=00:00:aa:01',
  'new_max_life=120',
  'new_preferred_life=60',
  'new_ip6_prefix=2001:db8:a:aa80::/58',
];
const old = [
  'old_iaid=00:00:aa:01',
  'old_max_life=120',
  'old_preferred_life=60',
  'old_ip6_prefix=2001:db8:b:bb80::/58',
];

test('dhclient: a message, prefix by prefix', () => {
  expect(told(...dhclient, 'reason=BOUND6', ...fresh)).toEqual(['43521 2001:db8:a:aa80::/58 60 120']);
  expect(told(...dhclient, 'reason=RENEW6', ...fresh, ...old)).toEqual(['43521 2001:db8:a:aa80::/58 60 120']);
  expect(told(...dhclient, 'reason=EXPIRE6', ...old)).toEqual(['43521 2001:db8:b:bb80::/58 0 0']);
  expect(told(...dhclient, 'reason=RELEASE6', ...old)).toEqual(['43521 2001:db8:b:bb80::/58 0 0']);
});

test.each(['PREINIT6', 'STOP6', 'DEPREF6', 'BOUND', ''])('dhclient: %s says nothing', (reason) => {
  expect(told(...dhclient, `reason=${reason}`, ...fresh, ...old)).toEqual([]);
});

// As its README has it; odhcp6c is not in Debian.
const odhcp6c = ['sixgate_client=odhcp6c', 'sixgate_interface=eth0'];
const listed = 'PREFIXES=2001:db8:a::/56,1800,3600 2001:db8:b::/56,0,600,excluded=2001:db8:b:ff::/64,class=3';

test('odhcp6c: all that it holds', () => {
  expect(told(...odhcp6c, 'sixgate_state=updated', listed)).toEqual([
    '0 2001:db8:a::/56 1800 3600',
    '0 2001:db8:b::/56 0 600 without 2001:db8:b:ff::/64',
  ]);
  expect(told(...odhcp6c, 'sixgate_state=stopped', listed)).toEqual(['released']);
  for (const state of ['unbound', 'started', 'ra-updated', '']) {
    expect(told(...odhcp6c, `sixgate_state=${state}`, listed)).toEqual([]);
  }
});

test('the generic form', () => {
  const generic = ['sixgate_client=generic', 'uplink=dsl'];
  expect(told(...generic, 'prefixes=2001:db8:a::/56,60,4294967295')).toEqual(['0 2001:db8:a::/56 60 4294967295']);
  expect(told(...generic, 'released=yes')).toEqual(['released']);
  expect(told('sixgate_client=generic', 'prefixes=2001:db8:a::/56,60,120')).toEqual(['report-refused']);
});

test.each([
  'fd00::/48,1,2',
  '2001:db8::/56',
  '2001:db8::/56,2,1',
  '2001:db8::/56,-1,1',
  '2001:db8::1/56,1,1',
  '$(reboot),1,1',
  '2001:db8::/56,1,4294967296',
  '2001:db8::/56,1,2,excluded=x',
])('refused: %s', (entry) => {
  expect(told('sixgate_client=generic', 'uplink=dsl', `prefixes=${entry}`)).toEqual(['delegation-refused']);
});

test('who wrote it is told first, and twice is refused', () => {
  expect(isHookEvent(text('sixgate_client=dhclient', 'reason=BOUND6'))).toBe(true);
  expect(isHookEvent(text('reason=BOUND6', 'sixgate_client=dhclient'))).toBe(false);
  expect(told('sixgate_client=generic', 'sixgate_client=dhclient')).toEqual(['report-refused']);
  expect(told('sixgate_client=other')).toEqual(['report-refused']);
});
