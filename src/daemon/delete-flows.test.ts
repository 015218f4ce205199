import { expect, test } from 'vitest';
import { ipv6FromWords } from '../core/ipv6.ts';
import { prefixOf } from '../core/prefix.ts';
import { succeed } from '../core/result.ts';
import type { Command, Output, Processes } from '../host/host.ts';
import { deleteFlows } from './delete-flows.ts';

const inside = prefixOf(ipv6FromWords([0xfd12, 0, 0, 0, 0, 0, 0, 0]), 58);
const stale = { which: 'stale', networks: [inside], inForce: [], stateless: [] } as const;
const flow =
  ' src=fd12::10 dst=2001:db8:ffff::80 sport=1 dport=2 src=2001:db8:ffff::80 dst=2001:db8:a::10 sport=2 dport=1\n';

/** Answers in this order, and notes what was run. */
function answering(...answers: Output[]) {
  const ran: string[] = [];
  const run = async ({ argv }: Command) => {
    ran.push(argv[1]!);
    return succeed(answers.shift() ?? { code: 0, stdout: '', stderr: '' });
  };
  return { ran, processes: { run } as unknown as Processes };
}

test('a list that could not be read is no empty list', async () => {
  const { processes } = answering({ code: 1, stdout: '', stderr: 'conntrack v1.4.7: Operation failed: out of memory' });
  expect(await deleteFlows(processes, stale)).toMatchObject({ ok: false });
});

test('after something was deleted it is looked again, until nothing is found', async () => {
  const found = { code: 0, stdout: `udp 17 5${flow}`, stderr: '' };
  const { ran, processes } = answering(found, found, found, found, { code: 0, stdout: '', stderr: '' });
  expect(await deleteFlows(processes, stale)).toEqual({ ok: true, value: 2 });
  expect(ran).toEqual(['-L', '-R', '-L', '-R', '-L']);
});

test('what lives on an uplink that is given up goes with what is stale', async () => {
  const none = { code: 0, stdout: '', stderr: '' };
  const { ran, processes } = answering(none, { code: 0, stdout: `tcp 6 5${flow}`, stderr: '' });
  const givenUp = [{ uplink: 'lte', marked: { mark: 2, mask: 15 } }];
  expect(await deleteFlows(processes, { ...stale, givenUp })).toEqual({ ok: true, value: 1 });
  expect(ran).toEqual(['-L', '-D']);
});
