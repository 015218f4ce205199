import { expect, test } from 'vitest';
import { prefix } from '../../testing/healthy-host.ts';
import { parseTunnelRoutes } from './parse-tunnel-routes.ts';
import { parseTunnels } from './parse-tunnels.ts';

// Of iproute2 6.1 on Linux 6.1, without the parts that are not looked at.
const link = (name: string, flags: string, mtu: number, data: string): string =>
  `{"ifindex":4,"link":null,"ifname":"${name}","flags":[${flags}],"mtu":${mtu},"linkinfo":{"info_kind":"sit","info_data":{${data}}}}`;
const all = '"pmtudisc":true,"prefix":"2002::","prefixlen":16';
const sites = { prefix: prefix('2002::/16'), common: { address: 0, length: 0 } };

test('6to4, 6in4 without a local address and ttl, 6rd with a part in common, sit0', () => {
  const text = `[{},${[
    link(
      'sit0',
      '"NOARP"',
      1480,
      '"proto":"ip6ip","remote":"any","local":"any","ttl":64,"pmtudisc":false,"prefix":"2002::","prefixlen":16',
    ),
    link(
      'tun6to4',
      '"NOARP","UP","LOWER_UP"',
      1280,
      `"proto":"ip6ip","remote":"any","local":"203.0.113.4","ttl":64,${all}`,
    ),
    link(
      'nolocal',
      '"POINTOPOINT","NOARP"',
      1480,
      `"proto":"ip6ip","remote":"192.0.2.99","local":"any","ttl":0,${all}`,
    ),
    link(
      't6rd',
      '"UP"',
      1480,
      '"proto":"ip6ip","remote":"any","local":"203.0.113.4","ttl":64,"pmtudisc":true,"prefix":"2001:db8::","prefixlen":32,"relay_prefix":"203.0.0.0","relay_prefixlen":8',
    ),
  ].join(',')}]`;
  const common = { up: true, pmtudisc: true, sixRd: sites };
  expect(parseTunnels(text)).toEqual({
    known: true,
    value: [
      { name: 'sit0', up: false, mtu: 1480, ttl: 64, pmtudisc: false, sixRd: sites },
      { ...common, name: 'tun6to4', mtu: 1280, ttl: 64, local: 0xcb007104 },
      { ...common, name: 'nolocal', up: false, mtu: 1480, ttl: 0, remote: 0xc0000263 },
      {
        ...common,
        name: 't6rd',
        mtu: 1480,
        ttl: 64,
        local: 0xcb007104,
        sixRd: { prefix: prefix('2001:db8::/32'), common: { address: 0xcb000000, length: 8 } },
      },
    ],
  });
});

test('none, in each way of saying it; those for something else; rubbish', () => {
  for (const text of ['', '[]', '[{},{}]']) expect(parseTunnels(text)).toEqual({ known: true, value: [] });
  const others = [`"proto":"ip6ip","isatap":null,${all}`, `"proto":"ipip",${all}`].map((data) =>
    link('x', '', 1480, data),
  );
  expect(parseTunnels(`[${others.join(',')}]`)).toEqual({ known: true, value: [] });
  for (const text of [
    '{',
    'null',
    '[{"ifname":"x"}]',
    `[${link('x', '', 1, '"local":"zz"')}]`,
    `[${link('x', '', 1, '"prefix":"zz"')}]`,
  ]) {
    expect(parseTunnels(text)).toMatchObject({ known: false });
  }
});

test('routes through a tunnel and unreachable ones', () => {
  const text = `[{"dst":"::/96","protocol":"kernel","metric":256,"flags":[],"pref":"medium"},
{"dst":"default","gateway":"::192.0.2.1","metric":1024,"flags":[]},{"type":"unreachable","dst":"2001:db8::1","dev":"lo"}]`;
  expect(parseTunnelRoutes(text)).toEqual({
    known: true,
    value: [
      { prefix: prefix('::/96') },
      { prefix: prefix('::/0'), gateway: 0xc0000201n },
      { prefix: prefix('2001:db8::1/128') },
    ],
  });
  expect(parseTunnelRoutes('')).toEqual({ known: true, value: [] });
  for (const bad of ['{', '[{"dst":"zz"}]', '[{"dst":"::/0","gateway":"zz"}]']) {
    expect(parseTunnelRoutes(bad)).toMatchObject({ known: false });
  }
});
