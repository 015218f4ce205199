import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIpv6, ipv6FromWords, ipv6Words, parseIpv6 } from '../../core/ipv6.ts';
import { parseCountersText, parseElements, parseTable, parseTableList } from './parse-table.ts';

// Parts of what nft 1.0.6 prints.
const meta = { metainfo: { version: '1.0.6', release_name: 'Lester Gooch #5', json_schema_version: 1 } };
const table = { table: { family: 'ip6', name: 't', handle: 1 } };
const json = (...entries: object[]): string => JSON.stringify({ nftables: [meta, table, ...entries] });
const set = (name: string, type: unknown, elem?: unknown, flags: unknown = ['interval']) => ({
  set: {
    family: 'ip6',
    name,
    table: 't',
    type,
    handle: 2,
    ...(flags !== null && { flags }),
    ...(elem !== undefined && { elem }),
  },
});
const range = { prefix: { addr: 'fd12:3456:789a::', len: 58 } };

test('a flowtable: its devices are elements, told in three ways', () => {
  const flowtable = { family: 'ip6', name: 'fast', table: 't', handle: 7, hook: 'ingress', prio: 0 };
  for (const [dev, wanted] of [
    [
      ['wan', 'lan'],
      ['"lan"', '"wan"'],
    ],
    ['lan', ['"lan"']],
    [undefined, []],
  ] as const) {
    const read = parseTable(json({ flowtable: { ...flowtable, ...(dev !== undefined && { dev }) } }));
    expect(read).toMatchObject({ known: true, value: { state: { structure: ['flowtable fast: ingress 0'] } } });
    expect(elements({ flowtable: { ...flowtable, ...(dev !== undefined && { dev }) } })).toEqual({ fast: wanted });
  }
  expect(parseTable(json({ flowtable: { ...flowtable, dev: 7 } })).known).toBe(false);
});

function elements(...entries: object[]) {
  const read = parseTable(json(...entries));
  if (!read.known) throw new Error(read.why);
  return Object.fromEntries(read.value.state.elements);
}

test('the fixed part, in order of kind and name', () => {
  const read = parseTable(
    json(
      {
        chain: {
          family: 'ip6',
          table: 't',
          name: 'b',
          handle: 3,
          type: 'nat',
          hook: 'prerouting',
          prio: -100,
          policy: 'accept',
        },
      },
      { chain: { family: 'ip6', table: 't', name: 'a', handle: 4 } },
      { counter: { family: 'ip6', name: 'n', table: 't', handle: 5, packets: 3, bytes: 9 } },
      { rule: { family: 'ip6', table: 't', chain: 'b', handle: 6, comment: 'why [1]', expr: [] } },
      { rule: { family: 'ip6', table: 't', chain: 'a', handle: 7, expr: [] } },
      {
        map: {
          family: 'ip6',
          name: 'm',
          table: 't',
          type: 'ipv6_addr',
          map: 'ipv6_addr',
          flags: ['interval'],
          handle: 8,
        },
      },
      set('s', ['ipv6_addr', 'inet_service'], undefined, null),
    ),
  );
  expect(read).toMatchObject({
    known: true,
    value: {
      state: {
        key: 'ip6 t',
        structure: [
          'set m: ipv6_addr : ipv6_addr interval',
          'set s: ipv6_addr . inet_service',
          'counter n',
          'chain a',
          'chain b: nat prerouting -100 accept',
          'rule a: not ours',
          'rule b: why [1]',
        ],
      },
      counters: new Map([['n', 3]]),
    },
  });
});

test('elements in canonical text, sorted', () => {
  expect(
    elements(
      set('prefixes', 'ipv6_addr', [range, 'FD00:0::1']),
      set('hosts', 'ipv6_addr', ['fd00::2', 'fd00::1'], null),
      set('links', 'ifname', ['eth0'], null),
      set(
        'ports',
        ['ipv6_addr', 'inet_service'],
        [{ concat: ['fd00::1', 443] }, { concat: ['fd00::1', { range: [8000, 8100] }] }],
      ),
      set('none', 'ipv6_addr'),
      {
        map: {
          name: 'm',
          type: 'ipv6_addr',
          map: 'ipv6_addr',
          flags: ['interval'],
          elem: [[range, { prefix: { addr: '2001:db8::', len: 58 } }]],
        },
      },
      set('flag', 'ipv6_addr', ['fd00::1'], 'interval'),
      set('mapped64_x', 'ipv6_addr', ['fd12::', 'fd12::1'], null),
      {
        map: {
          name: 'out64_x',
          type: 'ipv6_addr',
          map: 'ipv6_addr',
          elem: [['fd12:0::', { prefix: { addr: '2001:db8::', len: 64 } }]],
        },
      },
    ),
  ).toEqual({
    prefixes: ['fd00::1/128', 'fd12:3456:789a::/58'],
    hosts: ['fd00::1', 'fd00::2'],
    links: ['"eth0"'],
    ports: ['fd00::1 . 443', 'fd00::1 . 8000-8100'],
    none: [],
    m: ['fd12:3456:789a::/58 : 2001:db8::/58'],
    flag: ['fd00::1/128'],
    // The second is none that is ever wanted, and can be named when it is to go.
    mapped64_x: ['fd12::/64', 'fd12::1/64'],
    out64_x: ['fd12::/64 : 2001:db8::/64'],
  });
});

test('addresses are canonical however they were written', () => {
  const words = fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 0xffff }));
  fc.assert(
    fc.property(fc.array(words, { minLength: 8, maxLength: 8 }), fc.nat({ max: 8 }), (all, until) => {
      const address = ipv6FromWords(all.map((word, at) => (at < until ? word : 0)));
      const written = ipv6Words(address).map((word) => word.toString(16));
      for (const text of [written.join(':'), formatIpv6(address), `${written.slice(0, 4).join(':')}::`]) {
        const read = parseIpv6(text);
        if (!read.ok) throw new Error(text);
        expect(elements(set('hosts', 'ipv6_addr', [text], null))['hosts']).toEqual([formatIpv6(read.value)]);
      }
    }),
  );
});

test('the elements of one set', () => {
  const text = (entry: object) => JSON.stringify({ nftables: [meta, entry] });
  expect(parseElements(text(set('s', 'ipv6_addr', [range])))).toEqual({ known: true, value: ['fd12:3456:789a::/58'] });
  expect(parseElements(text(set('s', 'ipv6_addr')))).toEqual({ known: true, value: [] });
  expect(parseElements(text(table))).toMatchObject({ known: false });
  expect(parseElements(text(set('s', 'ipv6_addr', [null])))).toMatchObject({ known: false });
});

describe('anything odd makes the whole table unknown, never half empty', () => {
  const good = set('s', 'ipv6_addr', [range]);
  test.each([
    ['nothing', ''],
    ['a beginning', json(good).slice(0, -3)],
    ['no JSON at all', `${json(good)}\u0001`],
    ['no list', '{"nftables": 3}'],
    ['null', 'null'],
    ['no table', JSON.stringify({ nftables: [meta, good] })],
    ['an empty entry', json({}, good)],
    ['an element with options', json(good, set('t', 'ipv6_addr', [{ elem: { val: 'fd00::1', timeout: 3 } }]))],
    ['an element that is no address', json(good, set('t', 'ipv6_addr', ['example.org']))],
    ['an element of a new shape', json(good, set('t', 'ipv6_addr', [{ wildcard: '*' }]))],
    ['an element that is null', json(good, set('t', 'ipv6_addr', [null]))],
    ['elements that are no list', json(good, set('t', 'ipv6_addr', 'fd00::1'))],
    ['a prefix without length', json(good, set('t', 'ipv6_addr', [{ prefix: { addr: 'fd00::' } }]))],
    ['a set without a type', json(good, set('t', undefined))],
    ['a chain without a policy', json(good, { chain: { name: 'c', type: 'nat', hook: 'output', prio: 0 } })],
    ['a chain without a priority', json(good, { chain: { name: 'c', type: 'nat', hook: 'output', policy: 'accept' } })],
    ['a table without a name', JSON.stringify({ nftables: [{ table: { family: 'ip6' } }, good] })],
  ])('%s', (_what, text) => {
    const read = parseTable(text);
    expect(read).toMatchObject({ known: false });
    expect(!read.known && read.why).toMatch(/^the output of nft was not understood: ./);
  });
});

test('counters, from JSON and from text', () => {
  const counter = (packets: unknown) =>
    json({ counter: { family: 'ip6', name: 'leaving', table: 't', packets, bytes: 9 } });
  expect(parseTable(counter(3))).toMatchObject({ known: true, value: { counters: new Map([['leaving', 3]]) } });
  expect(parseTable(counter(undefined))).toMatchObject({ known: false });
  const text =
    'table inet x {\n\tflags owner\n\tcounter leaving {\n\t\tpackets 12 bytes 960\n\t}\n\n\tcounter arriving {\n\t\tpackets 0 bytes 0\n\t}\n}\n';
  expect(parseCountersText(text)).toEqual(
    new Map([
      ['leaving', 12],
      ['arriving', 0],
    ]),
  );
});

test('the list of tables', () => {
  const text =
    '# Warning: table ip6 nat is managed by iptables-nft, do not touch!\ntable ip6 nat {\n\tchain table {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t}\n}\ntable inet sixgate_guard {\n}\n';
  expect(parseTableList(text)).toEqual({ known: true, value: ['ip6 nat', 'inet sixgate_guard'] });
  expect(parseTableList('')).toEqual({ known: true, value: [] });
  expect(parseTableList('table inet x\nwhat is this\n')).toMatchObject({ known: false });
});
