import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parsePrefix, type Prefix } from '../../src/core/prefix.ts';
import { deleteFlows } from '../../src/daemon/delete-flows.ts';
import { makeNamespace, type Namespace } from './namespace.ts';

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
};
let namespace: Namespace;
beforeAll(() => void (namespace = makeNamespace()));
afterAll(() => namespace.remove());

const host = 'fd12:3456:789a::10';
const server = '2001:db8:ffff::80';
const other = 'fd12:3456:789a:1::10';
const networks = [prefix('fd12:3456:789a::/58')];

const insert = (...args: string[]): void => void namespace.exec(['conntrack', '-I', '-t', '100', ...args]);
const left = (): string[] =>
  namespace
    .exec(['conntrack', '-L', '-f', 'ipv6'])
    .split('\n')
    .flatMap(
      (line) =>
        /dport=(\d+)/.exec(line)?.[1] ?? (line.includes('icmpv6') ? ['icmp'] : line.includes('253') ? ['253'] : []),
    )
    .sort();

beforeEach(() => {
  const hooks = 'table ip6 hooks { chain p { type nat hook postrouting priority 100; ct state new counter; }; }';
  namespace.exec(['nft', '-f', '-'], `flush ruleset\n${hooks}`);
  namespace.exec(['conntrack', '-F']);
  insert('-p', 'udp', '-s', host, '-d', server, '--sport', '1', '--dport', '101'); // untranslated
  insert('-p', 'icmpv6', '-s', host, '-d', server, '--icmpv6-type', '128', '--icmpv6-code', '0', '--icmpv6-id', '77');
  insert('-p', '253', '-s', host, '-d', server);
  const tcp = ['-p', 'tcp', '--state', 'ESTABLISHED'];
  insert(...tcp, '-s', host, '-d', server, '--sport', '2', '--dport', '102', '--src-nat', '2001:db8:a:aa80::10'); // in force
  insert(...tcp, '-s', host, '-d', server, '--sport', '3', '--dport', '103', '--src-nat', '2001:db8:b:bb80::10'); // dead
  insert('-p', 'udp', '-s', host, '-d', other, '--sport', '4', '--dport', '104'); // between inside hosts
  insert('-p', 'udp', '-s', host, '-d', server, '--sport', '5', '--dport', '105', '--src-nat', '2001:db8:99::1'); // somebody else's
  insert(...tcp, '-s', server, '-d', '2001:db8:b:bb80::10', '--sport', '6', '--dport', '106', '--dst-nat', host); // inbound, dead
});

test('stale flows are deleted exactly, all others stay', async () => {
  const inForce = [prefix('2001:db8:a:aa80::/58')];
  expect(await deleteFlows(namespace.processes, { which: 'stale', networks, inForce, stateless: [] })).toEqual({
    ok: true,
    value: 4,
  });
  expect(left()).toEqual(['102', '104', '105', '106']);
  expect(await deleteFlows(namespace.processes, { which: 'stale', networks, inForce, stateless: [] })).toEqual({
    ok: true,
    value: 0,
  });
});

test('towards a dead prefix', async () => {
  const flows = { which: 'towards', outside: '2001:db8:b:bb80::/58' } as const;
  expect(await deleteFlows(namespace.processes, flows)).toEqual({ ok: true, value: 1 });
  expect(left()).not.toContain('106');
});

test('everything translated that began in a prefix; the untranslated stay', async () => {
  const flows = { which: 'translated-from', inside: 'fd12:3456:789a::/58' } as const;
  expect(await deleteFlows(namespace.processes, flows)).toEqual({ ok: true, value: 3 });
  expect(left()).toEqual(['101', '104', '106', '253', 'icmp']);
  expect(await deleteFlows(namespace.processes, flows)).toEqual({ ok: true, value: 0 });
});

test('a real failure is told from "nothing matched"', async () => {
  const flows = { which: 'towards', outside: 'nonsense' } as const;
  expect(await deleteFlows(namespace.processes, flows)).toMatchObject({
    ok: false,
    problem: { code: 'flows-not-deleted' },
  });
});
