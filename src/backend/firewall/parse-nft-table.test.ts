import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FirewallTable } from '../../engine/firewall/firewall.ts';
import { prefix } from '../../testing/healthy-host.ts';
import { parseNftTable } from './parse-nft-table.ts';

// What nft 1.0.6 printed for a table with one of everything.
const sample = readFileSync(join(import.meta.dirname, 'samples/nft-1.0.6.json'), 'utf8');

function parse(text: string): FirewallTable {
  const read = parseNftTable(text);
  if (!read.known) throw new Error(read.why);
  return read.value;
}
const rule = (...expressions: object[]): string =>
  JSON.stringify({
    nftables: [
      { table: { family: 'ip6', name: 't' } },
      { chain: { family: 'ip6', table: 't', name: 'c' } },
      { rule: { family: 'ip6', table: 't', chain: 'c', expr: expressions } },
    ],
  });
const one = (...expressions: object[]) => parse(rule(...expressions)).chains.get('c')?.rules[0];

test('chains and their hooks', () => {
  const { name, chains } = parse(sample);
  expect(name).toBe('inet filter');
  expect([...chains.values()].map(({ name: chain, base, rules }) => [chain, base, rules.length])).toEqual([
    ['input', { type: 'filter', hook: 'input', priority: 0, policy: 'drop' }, 16],
    ['web', undefined, 1],
    ['forw', { type: 'filter', hook: 'forward', priority: 10, policy: 'accept' }, 9],
    ['nat', { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' }, 2],
  ]);
});

const field = (name: string, ...values: object[]) => ({ kind: 'field', field: name, negated: false, values });
const text = (...words: string[]) => words.map((word) => ({ text: word }));

describe('rules', () => {
  const input = parse(sample).chains.get('input')!.rules;

  test('a verdict map is a rule for each element', () => {
    expect(input.slice(0, 3)).toEqual([
      { conditions: [field('ct state', ...text('invalid'))], effect: { do: 'drop' } },
      { conditions: [field('ct state', ...text('established'))], effect: { do: 'accept' } },
      { conditions: [field('ct state', ...text('related'))], effect: { do: 'accept' } },
    ]);
    const ports = input.filter(({ effect }) => effect.do === 'jump');
    expect(ports).toEqual([
      {
        conditions: [field('protocol', ...text('tcp')), field('destination port', { first: 80, last: 90 })],
        effect: { do: 'jump', chain: 'web' },
      },
    ]);
  });

  test('interfaces, ports, types, addresses, sets', () => {
    expect(input[4]?.conditions).toEqual([field('iifname', ...text('eth1', 'eth2'))]);
    expect(input[5]?.conditions).toEqual([
      field('iifname', ...text('eth*')),
      field('protocol', ...text('udp')),
      field('destination port', { first: 546, last: 546 }),
    ]);
    expect(input[6]?.conditions[1]).toEqual(field('icmpv6 type', { first: 1, last: 4 }, { first: 135, last: 135 }));
    expect(input[7]?.conditions.slice(0, 2)).toEqual([
      field('family', ...text('ipv6')),
      field('source', { prefix: prefix('fe80::/10') }),
    ]);
    expect(input[8]).toEqual({
      conditions: [
        field('family', ...text('ipv6')),
        field('source', { prefix: prefix('2001:db8::/32') }, { prefix: prefix('fd00::1/128') }),
      ],
      effect: { do: 'drop' },
      work: ['counter'],
    });
  });

  test('a limit holds sometimes; IPv4 never', () => {
    expect(input[9]?.conditions.at(-1)).toEqual({ kind: 'sometimes' });
    expect(input[10]?.conditions[0]).toEqual(field('family', ...text('ipv4')));
  });

  test('what is not known here is not readable, wherever the verdict stands', () => {
    const accept = { accept: null };
    const odd = [
      { match: { op: '==', left: { meta: { key: 'mark' } }, right: 1 } },
      { match: { op: '<', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 1024 } },
      { match: { op: '==', left: { payload: { protocol: 'icmpv6', field: 'type' } }, right: 'new-type' } },
      { match: { op: '==', left: { payload: { protocol: 'ip6', field: 'saddr' } }, right: '@nosuch' } },
      { match: { op: '==', left: { '&': [{ payload: { protocol: 'tcp', field: 'flags' } }, 'ack'] }, right: 'ack' } },
      { xt: { type: 'match', name: 'conntrack' } },
      { xt: null },
      { queue: { num: 1 } },
    ];
    for (const expression of odd) {
      const read = one(expression, accept);
      expect(read?.effect).toEqual({ do: 'accept' });
      expect(read?.conditions.some(({ kind }) => kind === 'unreadable')).toBe(true);
    }
    expect(one({ counter: { packets: 1, bytes: 2 } }, { xt: { type: 'target', name: 'REJECT' } })).toMatchObject({
      effect: { do: 'unreadable' },
    });
    expect(one({ vmap: { key: { ct: { key: 'state' } }, data: '@map' } })).toMatchObject({
      effect: { do: 'unreadable' },
    });
  });

  test('what only counts or logs has no effect', () => {
    expect(one({ counter: { packets: 1, bytes: 2 } }, { log: { prefix: 'x' } })).toEqual({
      conditions: [],
      effect: { do: 'none' },
      work: ['counter', 'log'],
    });
  });

  test('what a rule does with every single packet, and what it decides by', () => {
    // What nft 1.0.6 printed.
    const busy = parse(readFileSync(join(import.meta.dirname, 'samples/nft-1.0.6-packet-work.json'), 'utf8'));
    const workOf = (chain: string) => busy.chains.get(chain)?.rules.map(({ work = [] }) => work.join(' and '));
    expect(workOf('forward')).toEqual([
      'counter and log',
      '', // two of ct state vmap
      '',
      '', // the largest segment
      'limit',
      'limit',
      'limit',
      'quota',
      'quota',
      'counter',
      'set and limit',
      'length',
      'DSCP',
      'hop limit',
      'time of day',
      'chance',
      'bytes of the flow',
      'counter',
      'counter',
      '',
      'counter and log',
    ]);
    expect(workOf('shape')).toEqual(['DSCP', 'priority', 'hop limit', 'mark', '', 'header', 'trace']);
    const limited = busy.chains
      .get('forward')!
      .rules.filter(({ conditions }) => conditions.some(({ kind }) => kind === 'sometimes'));
    expect(limited).toHaveLength(6);
    const opening = { kind: 'opening' };
    expect(busy.chains.get('forward')?.rules[3]?.conditions).toEqual([opening]);
    expect(busy.chains.get('forward')?.rules[4]?.conditions).toEqual([opening, { kind: 'sometimes' }]);
    const notSyn = { op: '!=', left: { payload: { protocol: 'tcp', field: 'flags' } }, right: 'syn' };
    expect(one({ match: notSyn })?.conditions).not.toContainEqual(opening);
    expect(one({ queue: { num: 1 } })?.work).toEqual(['queue']);
    expect(one({ xt: { type: 'match', name: 'string' } }, { xt: { type: 'target', name: 'NFQUEUE' } })?.work).toEqual([
      'content',
      'queue',
    ]);
    const raw = { payload: { base: 'th', offset: 160, len: 32 } };
    expect(one({ match: { op: '==', left: raw, right: 7 } }, { drop: null })?.work).toEqual(['content']);
    const masked = { '&': [{ payload: { protocol: 'ip6', field: 'dscp' } }, 4] };
    expect(one({ match: { op: '==', left: masked, right: 4 } }, { drop: null })?.work).toEqual(['DSCP']);
    const verdicts = { set: [['ef', { accept: null }]] };
    expect(one({ counter: null }, { vmap: { key: { payload: { protocol: 'ip6', field: 'dscp' } }, data: verdicts } })).toMatchObject({ work: ['counter', 'DSCP'] }); // prettier-ignore
  });

  test('what iptables counts in each of its rules nobody has asked for', () => {
    const fromIptables = rule({ counter: { packets: 1, bytes: 2 } }, { log: null }).replaceAll('"c"', '"FORWARD"');
    expect(parse(fromIptables).chains.get('FORWARD')?.rules[0]?.work).toEqual(['log']);
  });

  test('flowtables, with their interfaces, and who hands flows over to them', () => {
    // What nft 1.0.6 printed on Linux 6.1.
    const text = readFileSync(join(import.meta.dirname, 'samples/nft-1.0.6-flowtable.json'), 'utf8');
    const { flowtables, chains } = parse(text);
    expect([...flowtables!]).toEqual([
      ['own', ['lan0', 'wan0']],
      ['single', ['eth9']],
    ]);
    expect(chains.get('late')?.rules.map(({ handsTo, work }) => handsTo ?? work)).toEqual(['own', 'single', ['queue']]);
    expect(parse(rule()).flowtables).toBeUndefined();
    const empty = text.replace('"dev": ["lan0", "wan0"]', '"flags": []');
    expect(parse(empty).flowtables?.get('own')).toEqual([]);
  });
});

test.each([
  ['', /not understood/],
  ['{"nftables": [', /not understood/],
  ['{"nftables": []}', /no table/],
  ['{"nftables": [{"table": {"family": "ip6", "name": "\\u0001" ', /not understood/],
  ['[]', /not understood/],
  [rule({}), /not understood/],
])('%j is unknown, not empty', (text, why) => {
  const read = parseNftTable(text);
  expect(read.known).toBe(false);
  expect(!read.known && read.why).toMatch(why);
});

test('IPv4 headers are of IPv4 packets, their addresses IPv4-mapped, and protocol 41 has one name', () => {
  const payload = (field: string, right: unknown) => ({
    match: { op: '==', left: { payload: { protocol: 'ip', field } }, right },
  });
  const expr = [
    payload('saddr', { set: ['198.51.100.1', { prefix: { addr: '203.0.113.0', len: 24 } }] }),
    payload('protocol', 'ipv6'),
    { match: { op: '==', left: { meta: { key: 'l4proto' } }, right: 41 } },
    payload('ttl', 64),
    { drop: null },
  ];
  const read = parseNftTable(
    JSON.stringify({
      nftables: [
        { table: { family: 'ip', name: 't' } },
        { chain: { family: 'ip', table: 't', name: 'c', type: 'filter', hook: 'input', prio: 0, policy: 'drop' } },
        { rule: { family: 'ip', table: 't', chain: 'c', expr } },
      ],
    }),
  );
  const ipv4 = field('family', ...text('ipv4'));
  expect(read.known && read.value.chains.get('c')?.rules[0]?.conditions).toEqual([
    ipv4,
    field('source', { prefix: prefix('::ffff:198.51.100.1/128') }, { prefix: prefix('::ffff:203.0.113.0/120') }),
    ipv4,
    field('protocol', ...text('41')),
    field('protocol', ...text('41')),
    ipv4,
    { kind: 'unreadable' },
  ]);
});
