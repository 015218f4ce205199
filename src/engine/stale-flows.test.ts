import { describe, expect, test } from 'vitest';
import { address, prefix } from '../testing/healthy-host.ts';
import { findStaleFlows, type FlowAddresses } from './stale-flows.ts';

const networks = [prefix('fd12:3456:789a::/58')];
const inForce = [prefix('2001:db8:a:aa80::/58'), prefix('2001:db8:c:cc80::/58')];
const host = 'fd12:3456:789a:1::10';
const server = '2001:db8:ffff::80';

function flow(source: string, destination: string, replySource: string, replyDestination: string): FlowAddresses {
  return {
    source: address(source),
    destination: address(destination),
    replySource: address(replySource),
    replyDestination: address(replyDestination),
  };
}

describe('which flows are on a wrong course', () => {
  test.each([
    ['untranslated to the Internet', true, host, server, server, host],
    ['by a prefix in force', false, host, server, server, '2001:db8:a:aa81::10'],
    ['by an older one that is still served', false, host, server, server, '2001:db8:c:cc81::10'],
    ['by a dead prefix', true, host, server, server, '2001:db8:b:bb81::10'],
    ['translated by somebody else to an address of his', false, host, server, server, '2001:db8:99::1'],
    ['between inside hosts', false, host, 'fd12:3456:789a::11', 'fd12:3456:789a::11', host],
    ['to another unique local network', false, host, 'fd99::1', 'fd99::1', host],
    ['to a group', false, host, 'ff05::1', 'ff05::1', host],
    [
      'untranslated source, translated destination (no hairpin)',
      false,
      host,
      '2001:db8:a:aa80::11',
      'fd12:3456:789a::11',
      host,
    ],
    ['hairpin by a dead prefix', true, host, '2001:db8:b:bb80::11', 'fd12:3456:789a::11', '2001:db8:b:bb81::10'],
    ['from outside', false, server, '2001:db8:b:bb81::10', host, server],
    ['of a host in no network', false, 'fd12:3456:789a:40::1', server, server, 'fd12:3456:789a:40::1'],
  ])('%s: %s', (_what, stale, ...addresses) => {
    const one = flow(...addresses);
    const found = findStaleFlows([one], networks, inForce);
    expect(found.map(({ source, replyDestination }) => ({ source, replyDestination }))).toEqual(
      stale ? [{ source: one.source, replyDestination: one.replyDestination }] : [],
    );
  });
});

test('each source once, for all of the Internet; no networks, no stale flows', () => {
  const flows = [1, 2, 1].map((id) => flow(`fd12:3456:789a::${id}`, server, server, `fd12:3456:789a::${id}`));
  expect(findStaleFlows(flows, networks, [])).toEqual(
    flows
      .slice(0, 2)
      .map(({ source, replyDestination }) => ({ source, replyDestination, towards: prefix('2000::/3') })),
  );
  expect(findStaleFlows(flows, [], [])).toEqual([]);
});

test('inside addresses that are global themselves: each destination by itself, and none that is inside', () => {
  const inside = [prefix('2001:db8:1::/48')];
  const out = flow('2001:db8:1::5', server, server, '2001:db8:1::5');
  const within = flow('2001:db8:1::5', '2001:db8:1:2::6', '2001:db8:1:2::6', '2001:db8:1::5');
  expect(findStaleFlows([out, within], inside, [])).toEqual([
    { source: out.source, replyDestination: out.source, towards: prefix(`${server}/128`) },
  ]);
});
