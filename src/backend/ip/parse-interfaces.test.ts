import { describe, expect, test } from 'vitest';
import { address } from '../../testing/healthy-host.ts';
import { parseDefaultRoutes, parseRouteSource } from './parse-default-routes.ts';
import { parseInterfaces } from './parse-interfaces.ts';

test('interfaces and addresses, as iproute2 6.1 prints them', () => {
  const text = `[{},{"ifindex":2,"link_index":3,"ifname":"eth0","flags":["NO-CARRIER","BROADCAST","MULTICAST","UP","LOWER_UP"],
"mtu":1500,"operstate":"UP","addr_info":[{"family":"inet","local":"192.0.2.1","prefixlen":24,"scope":"global"},
{"family":"inet6","local":"2001:DB8::1","prefixlen":64,"scope":"global","dadfailed":true,"tentative":true},{}]},
{"ifindex":3,"ifname":"lo","flags":["UP","LOWER_UP"],"mtu":65536,"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]}]`;
  expect(parseInterfaces(text)).toEqual({
    known: true,
    value: [
      {
        name: 'eth0',
        up: true,
        carrier: false,
        mtu: 1500,
        ipv4: [0xc0000201],
        addresses: [{ address: address('2001:db8::1'), length: 64, duplicate: true }],
      },
      { name: 'lo', up: true, carrier: true, mtu: 65536, ipv4: [], addresses: [] },
    ],
  });
});

test('default routes: of several hops each, no unreachable one', () => {
  const text = `[{"dst":"default","gateway":"fe80::1","dev":"eth0","protocol":"ra","metric":1024},
{"type":"unreachable","dst":"default","dev":"lo","metric":4294967295},
{"dst":"default","metric":1,"nexthops":[{"gateway":"fe80::2","dev":"ppp0"},{"gateway":"fe80::3","dev":"ppp1"}]}]`;
  expect(parseDefaultRoutes(text)).toEqual({
    known: true,
    value: [
      { interface: 'eth0', protocol: 'ra' },
      { interface: 'ppp0', protocol: 'boot' },
      { interface: 'ppp1', protocol: 'boot' },
    ],
  });
  expect(parseDefaultRoutes('')).toEqual({ known: true, value: [] });
});

test('the source of a route', () => {
  expect(parseRouteSource('[{"dst":"2001:db8::1","dev":"eth0","prefsrc":"fd00::1"}]')).toEqual({
    known: true,
    value: address('fd00::1'),
  });
  expect(parseRouteSource('[{"dst":"2001:db8::1","dev":"eth0"}]')).toEqual({ known: true, value: null });
});

describe('what is not understood is unknown', () => {
  test.each([
    '',
    '{',
    '[{"ifname":"x"}]',
    'null',
    '[{"ifname":"x","flags":[],"mtu":1,"addr_info":[{"family":"inet6","local":"zz","prefixlen":1}]}]',
  ])('interfaces %j', (text) => expect(parseInterfaces(text)).toMatchObject({ known: false }));
  test.each(['{', 'null', '[null]'])('routes %j', (text) => {
    expect(parseDefaultRoutes(text)).toMatchObject({ known: false });
  });
  test('source', () => expect(parseRouteSource('[{"prefsrc":"zz"}]')).toMatchObject({ known: false }));
});
