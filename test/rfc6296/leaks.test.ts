import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { namespaceName } from '../lab/nodes.ts';
import { startStream, type RunningStream } from '../lab/probes.ts';
import { runChecked } from '../lab/run-command.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { startCapture } from '../translate/wire.ts';
import { configText, currentPrefix, readReport, startFollowing, waitForMapping } from '../translate/following.ts';

// `mode: rfc6296`, under a stream of new flows: whatever is taken away from under it, nothing with an inside source may be seen on
// the WAN, and it heals. What the provider's edge counts comes off the cable.

let lab: Lab;
let daemon: LabProcess;
let stream: RunningStream;

beforeAll(async () => {
  lab = await Lab.start({ name: 'sixleaks' });
  daemon = await startFollowing(lab, configText({ translation: 'mode: rfc6296' }));
  stream = await startStream(lab, 'lan1', { rate: 5000, ports: 50_000 });
  await waitUntil('translated packets', async () => (await translated()) > 1000);
}, 30_000);
afterAll(async () => lab?.stop());

const leaked = async (): Promise<number> => (await lab.provider.counters()).inside;
const translated = async (): Promise<number> => (await lab.provider.counters()).translated;
const router = (...argv: string[]): Promise<string> => lab.exec('router', argv);

/** Does something that stops the translation; how long it takes until packets leave again, and how many did not wait. */
async function breakAndHeal(
  broken: () => Promise<unknown>,
  seenBroken: () => Promise<boolean> = async () => false,
): Promise<{ readonly leaked: number; readonly healed: number }> {
  const before = await leaked();
  await broken();
  const at = performance.now();
  await waitUntil(`a plan with nothing left to do\n${daemon.log()}`, async () => {
    if (await seenBroken()) return undefined;
    return (await lab.router.sixgate('plan')).code === 0 ? true : undefined;
  });
  const since = await translated();
  await waitUntil(`packets that leave\n${daemon.log()}`, async () => (await translated()) > since + 500);
  return { leaked: (await leaked()) - before, healed: performance.now() - at };
}

test.each([
  ['the program on the detour', ['tc', 'filter', 'del', 'dev', 'six-eth0', 'egress']],
  ['the programs on the uplink, one way', ['tc', 'filter', 'del', 'dev', 'eth0', 'egress']],
  ['and the other', ['tc', 'filter', 'del', 'dev', 'eth0', 'ingress']],
  ['the qdisc of the uplink', ['tc', 'qdisc', 'del', 'dev', 'eth0', 'clsact']],
  ['the qdisc of the detour', ['tc', 'qdisc', 'del', 'dev', 'six-eth0', 'clsact']],
  ['the detour', ['ip', 'link', 'del', 'six-eth0']],
  ['its being up', ['ip', 'link', 'set', 'six-eth0', 'down']],
  ['all rules', ['nft', 'flush', 'ruleset']],
  ['the part of the guard that leads into the detour', ['nft', 'delete', 'table', 'netdev', 'sixgate_guard']],
  ['the route by which inside hosts reach each other', ['ip', '-6', 'route', 'flush', 'dev', 'six-eth0']],
])('somebody takes away %s: nothing leaks, and it heals', async (_what, argv) => {
  expect((await breakAndHeal(() => router(...argv))).leaked).toBe(0);
});

test('somebody puts another program in the place of ours', async () => {
  const other =
    'filter replace dev eth0 ingress pref 1 handle 0x6296 protocol ipv6 bpf da bytecode "1,6 0 0 4294967295,"';
  const replaced = (): Promise<unknown> => lab.exec('router', ['tc', '-batch', '-'], { input: `${other}\n` });
  expect((await breakAndHeal(replaced)).leaked).toBe(0);
});

test('packets that tc sends round nftables, as shapers of LAN interfaces do, are translated all the same', async () => {
  // The kernel leaves out the egress hook of nftables for packets that came back from an ifb.
  await router('ip', 'link', 'add', 'shaper', 'type', 'ifb');
  await router('ip', 'link', 'set', 'shaper', 'up');
  await router('tc', 'qdisc', 'add', 'dev', 'eth1', 'clsact');
  const redirect = ['action', 'mirred', 'egress', 'redirect', 'dev', 'shaper'];
  const before = { leaked: await leaked(), translated: await translated() };
  await router(
    'tc',
    'filter',
    'add',
    'dev',
    'eth1',
    'ingress',
    'protocol',
    'ipv6',
    'bpf',
    'bytecode',
    '1,6 0 0 1',
    ...redirect,
  );
  await sleep(300);
  expect(Number((await router('cat', '/sys/class/net/shaper/statistics/rx_packets')).trim())).toBeGreaterThan(500);
  expect(await leaked()).toBe(before.leaked);
  expect(await translated()).toBeGreaterThan(before.translated + 500);
  await router('tc', 'qdisc', 'del', 'dev', 'eth1', 'clsact');
  await router('ip', 'link', 'del', 'shaper');
});

test('while the daemon is stopped nobody heals it, and still nothing leaks', async () => {
  daemon.signal('SIGSTOP');
  const before = await leaked();
  await router('tc', 'qdisc', 'del', 'dev', 'six-eth0', 'clsact');
  await router('tc', 'qdisc', 'del', 'dev', 'eth0', 'clsact');
  const at = await translated();
  await sleep(500);
  expect({ leaked: (await leaked()) - before, translated: (await translated()) - at }).toEqual({
    leaked: 0,
    translated: expect.toSatisfy((count: number) => count < 50) as unknown,
  });
  daemon.signal('SIGCONT');
  expect((await breakAndHeal(async () => {})).leaked).toBe(0);
});

test('prefix changes, without notice and with: nothing leaks, and the new one is used at once', async () => {
  const before = await leaked();
  for (const [site, prefix] of [
    [2, '2001:db8:b:bb80::/58'],
    [3, '2001:db8:c:cc80::/58'],
    [4, '2001:db8:d:dd80::/58'],
  ] as const) {
    await lab.provider.renumber({ site });
    await waitForMapping(lab, (mapped) => mapped === prefix);
    await sleep(200);
  }
  expect((await leaked()) - before).toBe(0);
  expect(currentPrefix(lab)).toBe('2001:db8:d:dd80::/58');
});

test('the daemon is killed and starts again: translated all the time', async () => {
  const before = await leaked();
  daemon.signal('SIGKILL');
  await waitUntil('its end', () => !daemon.running());
  const at = await translated();
  await sleep(300);
  expect(await translated()).toBeGreaterThan(at + 500);
  daemon = lab.router.startSixgate(configText({ translation: 'mode: rfc6296' }));
  await waitUntil(
    'the held guard',
    () => readReport(lab)?.daemon.guardHeld && readReport(lab)?.daemon.pid === daemon.pid,
  );
  expect((await breakAndHeal(() => router('nft', 'flush', 'ruleset'))).leaked).toBe(0);
  expect((await leaked()) - before).toBe(0);
});

test('the interface goes and comes back with another index: closed until it is known, then open', async () => {
  const address = (await router('cat', '/sys/class/net/eth0/address')).trim();
  const index = (await router('cat', '/sys/class/net/eth0/ifindex')).trim();
  daemon.signal('SIGSTOP');
  await router('ip', 'link', 'del', 'eth0');
  const cable = ['link', 'add', 'eth0', 'netns', namespaceName(lab.name, 'router'), 'address', address, 'type', 'veth'];
  await runChecked(['ip', ...cable, 'peer', 'name', 'wan0', 'netns', namespaceName(lab.name, 'provider')]);
  await lab.exec('provider', ['ip', 'link', 'set', 'wan0', 'master', 'brwan', 'up']);
  const inside = await startCapture(lab, 'provider', { port: 'wan0', filter: 'src net fd00::/8' });
  const outside = await startCapture(lab, 'provider', { port: 'wan0', filter: 'udp and src net 2001:db8::/32' });
  await router('ip', 'link', 'set', 'eth0', 'up');
  expect((await router('cat', '/sys/class/net/eth0/ifindex')).trim()).not.toBe(index);
  await router('ip', '-6', 'route', 'add', 'default', 'via', 'fe80::1', 'dev', 'eth0');
  await sleep(300);
  expect(outside.packets).toEqual([]);
  daemon.signal('SIGCONT');
  await outside.first('a packet that leaves');
  expect(inside.packets).toEqual([]);
  await Promise.all([inside.stop(), outside.stop()]);
});

test('and the stream did send', async () => {
  expect((await stream.stop()).sent).toBeGreaterThan(10_000);
});
