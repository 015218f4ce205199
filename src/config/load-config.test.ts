import { describe, expect, test } from 'vitest';
import { formatPrefix } from '../core/prefix.ts';
import { formatIpv6, parseIpv6 } from '../core/ipv6.ts';
import { loadConfig } from './load-config.ts';

/** The example of the documentation, to the letter. */
const example = `uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: 58 }      # from: dhcpcd | networkd | route | static | 6to4
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:                                  # the order is the priority when the delegation is too small for all
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: dsl }            # mode: stateful (default) | rfc6296 ; hairpin: true ; inbound: deny
`;

function load(...texts: string[]) {
  const sources = texts.map((text, index) => ({ name: index === 0 ? 'config.yaml' : `conf.d/${index}.yaml`, text }));
  const loaded = loadConfig(sources);
  if (!loaded.ok) throw new Error(loaded.problem.map(({ message }) => message).join('\n'));
  return loaded.value;
}

function address(text: string): bigint {
  const parsed = parseIpv6(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

describe('a good configuration', () => {
  test('the documented example reads as it stands', () => {
    const uplink = { name: 'dsl', interface: 'eth0', source: { from: 'dhcpcd', length: 58 } };
    const network = {
      name: 'home',
      prefix: { address: address('fd12:3456:789a::'), length: 58 },
      subnets: [
        { name: 'lan', id: 0, prefix: { address: address('fd12:3456:789a::'), length: 64 }, interface: 'eth1' },
        { name: 'servers', id: 1, prefix: { address: address('fd12:3456:789a:1::'), length: 64 }, interface: 'eth2' },
      ],
    };
    expect(load(example)).toEqual({
      config: {
        uplinks: [uplink],
        networks: [network],
        translations: [{ network, uplink, mode: 'stateful', hairpin: true, inbound: 'deny', pinholes: [] }],
      },
      warnings: [],
    });
  });

  test('who says nothing of a prefix, or not where it comes from, has the client of our own ask', () => {
    const own = { from: 'dhcpv6', ias: 1, iaid: 1, stateless: false, rapidCommit: true, firstOffer: false };
    const source = (prefix: string) =>
      load(example.replace(/    prefix: \{ from: dhcpcd.*\n/, prefix)).config.uplinks[0]!.source;
    expect(source('')).toEqual({ ...own, release: false });
    expect(source('    prefix: { length: 58, release: true }\n')).toEqual({ ...own, length: 58, release: true });
  });

  test('a byte order mark and Windows line ends change nothing', () => {
    expect(load(`\ufeff${example.replaceAll('\n', '\r\n')}`)).toEqual(load(example));
  });

  test('pinholes become addresses, their ports sorted and merged, each host once', () => {
    const { config } = load(
      `${example.trimEnd().replace(/ }\s+#.*$/, '')}, hairpin: false, allow: [
      { to: "servers::10", tcp: [443], udp: [443, "6000-6100"], icmp: true },
      { to: servers::1:2:3:4, tcp: [80, "443", "81-90", "85-100"] },
      { to: "servers::10", tcp: [444, 22] } ] }`,
    );
    expect(config.translations[0]?.hairpin).toBe(false);
    expect(config.translations[0]?.pinholes.map((pinhole) => ({ ...pinhole, to: formatIpv6(pinhole.to) }))).toEqual([
      {
        to: 'fd12:3456:789a:1::10',
        tcp: [
          { first: 22, last: 22 },
          { first: 443, last: 444 },
        ],
        udp: [
          { first: 443, last: 443 },
          { first: 6000, last: 6100 },
        ],
        icmp: true,
      },
      {
        to: 'fd12:3456:789a:1:1:2:3:4',
        tcp: [
          { first: 80, last: 100 },
          { first: 443, last: 443 },
        ],
        udp: [],
        icmp: false,
      },
    ]);
  });

  test('later files merge maps, win for single values and append to lists', () => {
    const { config } = load(
      example,
      'uplinks: { dsl: { interface: ppp0 }, fibre: { interface: eth9, prefix: { from: static, prefix: "2a00:1:2::/56" } } }',
      'networks: { home: { subnets: { guests: { id: 0x10 } } } }\ntranslate:\n  - { network: home, uplink: fibre }\n',
      '# nothing but a remark\n',
    );
    expect(config.uplinks.map(({ name, interface: at }) => [name, at])).toEqual([
      ['dsl', 'ppp0'],
      ['fibre', 'eth9'],
    ]);
    expect(config.networks[0]?.subnets.map(({ name, prefix }) => [name, formatPrefix(prefix)])).toEqual([
      ['lan', 'fd12:3456:789a::/64'],
      ['servers', 'fd12:3456:789a:1::/64'],
      ['guests', 'fd12:3456:789a:10::/64'],
    ]);
    expect(config.translations.map(({ uplink }) => uplink.name)).toEqual(['dsl', 'fibre']);
  });

  test('anchors and aliases are read', () => {
    const { config } = load(example.replace('interface: eth1 }', 'interface: &i eth1 }'));
    expect(config.networks[0]?.subnets[0]?.interface).toBe('eth1');
    expect(load('uplinks: &u {}\nnetworks: *u\ntranslate: []\n').config).toEqual({
      uplinks: [],
      networks: [],
      translations: [],
    });
  });
});

test('a name that cannot be one is quoted wherever it is told of again', () => {
  const names = ['"\\r"', '"a\\u001b[31m"'];
  const uplinks = names.map((name) => `  ${name}: { interface: eth0, prefix: { from: dhcpv6, iaid: 1 } }`);
  const networks = names.map(
    (name) => `  ${name}: { prefix: "fd00::/48", subnets: { lan: { id: 1, interface: eth1 } } }`,
  );
  const translations = names.flatMap((network) =>
    names.map((uplink) => `  - { network: ${network}, uplink: ${uplink}, prefer: [${names.join(', ')}] }`),
  );
  const text = ['uplinks:', ...uplinks, 'networks:', ...networks, 'translate:', ...translations, ''].join('\n');
  const loaded = loadConfig([{ name: 'a.yaml', text }]);
  const told = loaded.ok ? [] : loaded.problem.map(({ message, mend }) => `${message} ${mend}`);
  expect(told.join('\n')).toMatch(/uplink "\\u\{d\}" \(/);
  expect(told.filter((each) => /\p{Cc}/u.test(each))).toEqual([]);
});

test('nor does a mend that shows such a name have a control character', () => {
  const name = '"a\\u001b[31m"';
  const text = `uplinks: { ${name}: { interface: eth0 }, dsl: { interface: eth1 } }
networks: { ${name}: { prefix: "fd00::/48", prefer: [${name}] } }
translate: [{ network: ${name}, uplink: dsl }]
`;
  const loaded = loadConfig([{ name: 'a.yaml', text }]);
  const mends = loaded.ok ? [] : loaded.problem.map(({ mend }) => mend ?? '');
  expect(mends.join('\n')).toContain('Add { network: a\\u{1b}[31m, uplink: a\\u{1b}[31m } under translate');
  expect(mends.filter((each) => /\p{Cc}/u.test(each))).toEqual([]);
});
