import { expect, test } from 'vitest';
import type { Link } from '../../engine/stateless.ts';
import { deriveUplinkLink, parseRoutesOn } from './uplink-routes.ts';
import { address } from '../../testing/healthy-host.ts';

// As iproute2 6.1 prints them.
const on = (text: string, ...more: string[]) => {
  const read = parseRoutesOn('eth0', [text, ...more], [6601]);
  if (!read.known) throw new Error(read.why);
  return read.value;
};
const texts = (text: string, ...more: string[]): string[] => on(text, ...more).routes.map((route) => route.text);

test('what others have through the interface, in any table, each once', () => {
  const learned = `[{"dst":"2001:db8:a::/64","protocol":"2","metric":256,"flags":[],"expires":2591990,"pref":"medium"},
{"dst":"fe80::/64","protocol":"2","metric":256,"flags":[],"pref":"medium"},
{"dst":"default","gateway":"fe80::1","protocol":"9","metric":1024,"flags":[],"expires":1790,"metrics":[{"mtu":1480},{"hoplimit":64}],"pref":"high"},
{"dst":"2001:db8:a::2","table":"255","protocol":"2","metric":0,"flags":[],"pref":"medium"},
{"type":"5","dst":"ff00::/8","table":"255","protocol":"2","metric":256,"flags":[],"pref":"medium"},
{"dst":"2001:db8:9::/48","gateway":"2001:db8:a::9","prefsrc":"2001:db8:a::2","table":"40","protocol":"4","metric":1024,"flags":["onlink"],"pref":"medium"},
{"dst":"2001:db8:8::/48","table":"6601","protocol":"4","metric":1024,"flags":[]},
{"dst":"default","gateway":"fe80::1","table":"6602","protocol":"66","metric":1024,"flags":[]}]`;
  const all = `[{"dst":"default","gateway":"fe80::1","dev":"eth0","protocol":"9","metric":1024,"flags":[],"metrics":[{"mtu":1480}],"pref":"high"},
{"dst":"default","gateway":"fe80::1","dev":"eth3","protocol":"9","metric":1024,"flags":[]}]`;
  expect(texts(learned, all)).toEqual([
    '2001:db8:a::/64 dev eth0 metric 256',
    'default via fe80::1 dev eth0 mtu 1480 pref high metric 1024',
    '2001:db8:9::/48 via 2001:db8:a::9 dev eth0 src 2001:db8:a::2 onlink metric 1024',
  ]);
  expect(on(learned, all).lasts).toBe(1790);
});

test('two for one destination get metrics that keep them apart, the better one first', () => {
  const route = (gateway: string, metric: number, pref = 'medium') =>
    `{"dst":"default","gateway":"${gateway}","protocol":"9","metric":${metric},"flags":[],"pref":"${pref}"}`;
  expect(
    texts(
      `[${route('fe80::3', 1024, 'low')},${route('fe80::2', 1024)},${route('fe80::1', 1024, 'high')},${route('fe80::9', 2000)}]`,
    ),
  ).toEqual([
    'default via fe80::1 dev eth0 pref high metric 1024',
    'default via fe80::2 dev eth0 metric 1025',
    'default via fe80::3 dev eth0 pref low metric 1026',
    'default via fe80::9 dev eth0 metric 2000',
  ]);
});

test('of a route with several next hops the one through the interface; what has run out is gone, though it is still shown', () => {
  const several =
    '[{"dst":"default","protocol":"3","metric":1024,"flags":[],"nexthops":[{"gateway":"fe80::1","dev":"eth0","weight":1,"flags":[]},{"gateway":"fe80::2","dev":"eth3","weight":1,"flags":[]}]}]';
  expect(texts('[]', several)).toEqual(['default via fe80::1 dev eth0 metric 1024']);
  expect(on('[{"dst":"default","gateway":"fe80::1","protocol":"9","metric":1024,"flags":[],"expires":-3}]')).toEqual({
    routes: [],
    lasts: Infinity,
  });
});

test.each(['{', '3', '[{"dst":"x/y"}]', '[null]'])('%s is unknown, never empty', (text) => {
  expect(parseRoutesOn('eth0', [text])).toMatchObject({
    known: false,
    why: expect.stringMatching('output of ip') as string,
  });
});

test('the condition of a link, and the addresses that count', () => {
  const addresses = [address('fe80::2'), address('2001:db8:a::2')];
  const link: Link = {
    name: 'eth0',
    index: 2,
    header: 14,
    up: true,
    carrier: true,
    alias: null,
    addresses,
    sources: addresses,
  };
  const way = on('[{"dst":"2000::/3","gateway":"fe80::1","protocol":"4","metric":1024,"flags":[]}]');
  expect(deriveUplinkLink('eth0', link, way)).toMatchObject({
    condition: 'ready',
    addresses: [addresses[1]],
    sources: [addresses[1]],
  });
  const condition = (of: Link | undefined, routes = way) => deriveUplinkLink('eth0', of, routes).condition;
  expect(condition(undefined)).toBe('missing');
  expect(condition({ ...link, up: false, carrier: false })).toBe('off');
  expect(condition({ ...link, carrier: false })).toBe('no-carrier');
  expect(condition(link, on('[{"dst":"2001:db8::/32","gateway":"fe80::1","metric":1024}]'))).toBe('no-route');
});
