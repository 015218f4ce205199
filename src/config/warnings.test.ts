import { describe, expect, test } from 'vitest';
import { formatConfigProblem } from './config-problem.ts';
import { loadConfig } from './load-config.ts';

function warnings(prefix: string, more: { source?: string; translate?: string; subnets?: string } = {}): string[] {
  const { source = 'from: dhcpcd', translate = 'network: home, uplink: dsl', subnets = 'lan: { id: 0 }' } = more;
  const text = `uplinks: { dsl: { interface: eth0, prefix: { ${source} } } }
networks: { home: { prefix: "${prefix}", subnets: { ${subnets} } } }
translate: [{ ${translate} }]
`;
  const loaded = loadConfig([{ name: 'c.yaml', text }]);
  if (!loaded.ok) throw new Error(loaded.problem.map(formatConfigProblem).join('\n'));
  expect(loaded.value.warnings.every(({ code, mend }) => code === 'config-unusual' && mend !== undefined)).toBe(true);
  return loaded.value.warnings.map(formatConfigProblem);
}

describe('what is odd but works', () => {
  test('a random ULA is not', () => {
    expect(warnings('fd12:3456:789a::/48')).toEqual([]);
    expect(warnings('fd00:0:1::/48')).toEqual([]);
  });

  test("the prefix that is an uplink's own is not, where it is not translated", () => {
    const source = 'from: static, prefix: "2a00:1::/48"';
    expect(warnings('2a00:1::/56', { source, translate: 'network: home, uplink: dsl, mode: none' })).toEqual([]);
    expect(warnings('2a00:1::/56', { translate: 'network: home, uplink: dsl, mode: none' })).toEqual([]);
    expect(warnings('2a00:1::/56')).toHaveLength(1);
  });

  test('a Global ID of zero', () => {
    expect(warnings('fd00::/48')).toEqual([
      'c.yaml:2:29: networks.home.prefix: fd00::/48 has a Global ID of zero, which others have too: two such networks cannot be joined',
    ]);
    expect(warnings('fd00:0:0:1000::/56')).toHaveLength(1);
  });

  test('a ULA shorter than a Global ID', () => {
    expect(warnings('fd12:3456:789a::/47')).toHaveLength(1);
    expect(warnings('fd12:3400::/24')).toEqual([
      'c.yaml:2:29: networks.home.prefix: fd12:3400::/24 is shorter than /48 and so takes the Global IDs of others with it',
    ]);
  });

  test('what is for documentation', () => {
    expect(warnings('2001:db8:1::/48')).toEqual([
      'c.yaml:2:29: networks.home.prefix: 2001:db8:1::/48 is for documentation (RFC 3849, RFC 9637)',
    ]);
    expect(warnings('3fff:1::/48')).toHaveLength(1);
    expect(warnings('fd12:3456:789a::/48', { source: 'from: static, prefix: "2001:db8::/48"' })).toEqual([
      'c.yaml:1:68: uplinks.dsl.prefix.prefix: 2001:db8::/48 is for documentation (RFC 3849, RFC 9637), the Internet does not route it',
    ]);
  });

  test("a prefix that may be one of one's own", () => {
    expect(warnings('2a00:1:2::/48')).toEqual([
      'c.yaml:2:29: networks.home.prefix: 2a00:1:2::/48 is no ULA: hosts outside that really have it cannot be reached from here',
    ]);
    expect(warnings('dd12:3456:789a::/48')).toHaveLength(1);
  });

  test('a delegation that is too small for all subnets', () => {
    const subnets = 'a: { id: 0 }, b: { id: 7 }, c: { id: 9 }';
    expect(warnings('fd12:3456:789a::/48', { subnets, source: 'from: dhcpcd, length: 63' })).toEqual([
      'c.yaml:3:13: translate[0]: a /63 on "dsl" has room for 2 of the 3 subnets of "home": the first in their order',
    ]);
    expect(warnings('fd12:3456:789a::/48', { subnets, source: 'from: dhcpcd, length: 62' })).toEqual([]);
  });

  test('a part that what is asked for does not have', () => {
    const translate = 'network: home, uplink: dsl, subprefix: 4';
    expect(warnings('fd12:3456:789a::/58', { translate, source: 'from: dhcpcd, length: 56' })).toEqual([
      'c.yaml:3:54: translate[0].subprefix: a /56 on "dsl" has 4 parts of /58, counted from 0',
    ]);
    expect(warnings('fd12:3456:789a::/58', { translate, source: 'from: dhcpcd, length: 55' })).toEqual([]);
    expect(warnings('fd12:3456:789a::/58', { translate, source: 'from: dhcpcd' })).toEqual([]);
  });

  test('pinholes beside "inbound: allow"', () => {
    const translate = 'network: home, uplink: dsl, inbound: allow, allow: [{ to: "lan::1", icmp: true }]';
    expect(warnings('fd12:3456:789a::/48', { translate })).toEqual([
      'c.yaml:3:66: translate[0].allow: the pinholes change nothing, since "inbound: allow" lets everything in',
    ]);
  });

  test('what no translation uses', () => {
    const text = 'uplinks: { dsl: { interface: eth0, prefix: { from: dhcpcd } } }\n';
    const loaded = loadConfig([{ name: 'c.yaml', text }]);
    expect(loaded.ok && loaded.value.warnings.map(formatConfigProblem)).toEqual([
      'c.yaml:1:12: uplinks.dsl: no translation uses it',
    ]);
  });
});
