import { expect, test } from 'vitest';
import type { Config } from '../engine/config.ts';
import type { FollowedCommand, Host } from '../host/host.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createGuardKeeper } from './guard-keeper.ts';
import type { Observation } from './observe-kernel.ts';

const config = { uplinks: [], networks: [], translations: [] } as unknown as Config;
const observed = (tableNames: readonly string[]): Observation => ({
  state: { known: true, value: { tables: [], routes: [] } },
  links: [],
  uplinks: [],
  counters: new Map(),
  tableNames,
});

/** A host of which the clock goes on when it is told, and whose processes are only noted. */
function makeHost() {
  const clock = new ManualClock();
  const started: FollowedCommand[] = [];
  const ended: FollowedCommand[] = [];
  const host = {
    clock,
    processes: {
      follow: (command: FollowedCommand) => {
        started.push(command);
        return {
          pid: 1,
          write() {},
          async stop() {
            ended.push(command);
          },
        };
      },
    },
  } as unknown as Host;
  return { host, started, ended, pass: (milliseconds: number) => clock.advance(milliseconds) };
}
const log = { info() {}, warn() {}, error() {} } as never;

test('however often its process ends, the guard is made again within a second', async () => {
  const { host, started, pass } = makeHost();
  const keeper = createGuardKeeper(host, log, () => {});
  await keeper.hold(config);
  for (let count = 1; count < 10; count++) {
    started.at(-1)!.onEnd('killed');
    await pass(count === 1 ? 100 : 1000);
    expect(started).toHaveLength(count + 1);
  }
});

test('a process that goes on and does not hold it is replaced; where it is held, nothing happens', async () => {
  const { host, started, pass } = makeHost();
  const keeper = createGuardKeeper(host, log, () => {});
  await keeper.hold(config);
  await pass(300);
  expect(keeper.problem(observed([]))).toMatchObject({ code: 'guard-not-held' });
  await pass(100);
  expect(started).toHaveLength(2);
  await pass(300);
  expect(started.at(-1)!.argv).toEqual(['nft', '-i']);
  const held = Array.from({ length: 100 }, (_, serial) => `inet sixgate_held_${serial}`);
  expect(keeper.problem(observed(held))).toBeUndefined();
  await pass(60_000);
  expect(started).toHaveLength(2);
});

test('the one before goes when the next one stands, and stays for as long as it does not', async () => {
  const { host, started, ended, pass } = makeHost();
  const keeper = createGuardKeeper(host, log, () => {});
  const say = async (index: number): Promise<void> => {
    started[index]!.onLine(`table inet sixgate_held_${index}`);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await keeper.hold(config);
  await say(0);
  const dsl = { name: 'dsl', interface: 'eth0', source: { from: 'dhcpcd' } };
  await keeper.hold({ ...config, uplinks: [dsl] } as unknown as Config);
  expect(started).toHaveLength(2);
  started[1]!.onEnd('nft ended with exit code 1');
  await pass(1000);
  expect(started).toHaveLength(3);
  expect(ended).not.toContain(started[0]);
  await say(2);
  expect(ended).toContain(started[0]);
  expect(ended).not.toContain(started[2]);
});

test('one that stands later than expected is not replaced, and it is told', async () => {
  const { host, started, ended, pass } = makeHost();
  let settled = 0;
  const keeper = createGuardKeeper(host, log, () => settled++);
  await keeper.hold(config);
  await pass(300);
  expect(keeper.problem(observed([]))).toMatchObject({ code: 'guard-not-held' });
  await pass(50);
  started[0]!.onLine('table inet sixgate_held_0');
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(2);
  await pass(60_000);
  expect(started).toHaveLength(1);
  expect(ended).toEqual([]);
  expect(keeper.problem(observed(['inet sixgate_held_0']))).toBeUndefined();
});

test('where nobody can say which tables there are, what is held stays', async () => {
  const { host, started, pass } = makeHost();
  const keeper = createGuardKeeper(host, log, () => {});
  await keeper.hold(config);
  await pass(300);
  expect(keeper.isHeld(observed(['inet sixgate_held_0']))).toBe(true);
  const blind = { ...observed([]), namesUnknown: true } as const;
  expect(keeper.problem(blind)).toBeUndefined();
  expect(keeper.isHeld(blind)).toBe(true);
  await pass(60_000);
  expect(started).toHaveLength(1);
});

test('a configuration that was read again and says the same changes nothing', async () => {
  const { host, started } = makeHost();
  const keeper = createGuardKeeper(host, log, () => {});
  await keeper.hold(config);
  await keeper.hold({ ...config });
  expect(started).toHaveLength(1);
});

test('one that goes while all is being ended is neither told nor made again', async () => {
  const { host, started, pass } = makeHost();
  const told: string[] = [];
  const keeper = createGuardKeeper(
    host,
    { ...(log as object), warn: (text: string) => told.push(text) } as never,
    () => {},
  );
  await keeper.hold(config);
  await pass(300);
  // Whoever ends a whole group ends its process first.
  started.at(-1)!.onEnd('nft ended with SIGTERM');
  keeper.letGo();
  expect(keeper.problem(observed([]))).toBeUndefined();
  await pass(60_000);
  expect(started).toHaveLength(1);
  expect(told).toEqual([]);
});
