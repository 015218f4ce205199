import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { parseIpv6 } from '../core/ipv6.ts';
import type { Host } from '../host/host.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createHealthKeeper } from './health-keeper.ts';
import type { Observation } from './observe-kernel.ts';

const text = `
uplinks:
  dsl:
    interface: eth0
    prefix: { from: static, prefix: "2001:db8:a:aa80::/58" }
    health: { targets: ["2001:db8:ffff::80"], interval: 1, timeout: 1, down: 3, up: 2 }
networks: { home: { prefix: fd12:3456:789a::/58, subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [{ network: home, uplink: dsl }]
`;

/** A keeper on a host with one ready uplink and a clock that goes on when it is told; `line` is what its ping ends with. */
async function makeKeeper() {
  const loaded = loadConfig([{ name: 'a.yaml', text }]);
  if (!loaded.ok) throw new Error(loaded.problem[0]!.message);
  const source = parseIpv6('2001:db8:1::2');
  if (!source.ok) throw new Error(source.problem.message);
  const clock = new ManualClock();
  const line = { code: 0 };
  const host = {
    clock,
    files: {
      read: async () => ({ ok: true, value: undefined }),
      write: async () => ({ ok: true, value: undefined }),
    },
    processes: {
      run: async () => {
        await new Promise<void>((resolve) => clock.after(500, resolve));
        const stdout = line.code === 0 ? '64 bytes: time=1.5 ms' : '1 packets transmitted, 0 received';
        return { ok: true, value: { code: line.code, stdout, stderr: '' } };
      },
    },
  } as unknown as Host;
  const seen = {
    state: { known: true, value: { tables: [], routes: [] } },
    links: [],
    uplinks: [
      { interface: 'eth0', condition: 'ready', addresses: [], sources: [source.value], routes: [], lasts: Infinity },
    ],
    counters: new Map(),
    tableNames: [],
  } as unknown as Observation;
  let passing = Promise.resolve();
  const paths = { config: 'config.yaml', runtimeDir: '/run', stateDir: '/state' };
  const log = { info() {}, warn() {}, error() {} } as never;
  const keeper = await createHealthKeeper(
    host,
    paths,
    loaded.value.config,
    log,
    () => {},
    () => passing,
  );
  keeper.see(seen, false);
  keeper.ask(true);
  return {
    keeper,
    line,
    seen,
    /** Until it ends, a pass is under way. */
    startPass: () => {
      let end = (): void => {};
      passing = new Promise((resolve) => (end = resolve));
      return () => end();
    },
    wait: (seconds: number) => clock.advance(seconds * 1000),
    state: () => keeper.health().get('dsl')?.state,
  };
}

test('as many silent rounds as the check says: the uplink is down', async () => {
  const { line, wait, state } = await makeKeeper();
  await wait(2);
  expect(state()).toBe('up');
  line.code = 1;
  await wait(2);
  expect(state()).toBe('up');
  await wait(2);
  expect(state()).toBe('down');
});

test('silence while rules are put right says nothing of the line', async () => {
  const { keeper, seen, line, wait, state } = await makeKeeper();
  await wait(2);
  line.code = 1;
  for (let half = 0; half < 12; half++) {
    keeper.see(seen, true);
    await wait(0.5);
  }
  expect(state()).toBe('up');
  await wait(4);
  expect(state()).toBe('down');
});

test('a pass that takes long has its say before the silence counts', async () => {
  const { keeper, seen, line, startPass, wait, state } = await makeKeeper();
  await wait(2);
  line.code = 1;
  const end = startPass();
  await wait(8);
  expect(state()).toBe('up');
  keeper.see(seen, true);
  line.code = 0;
  end();
  await wait(3);
  expect(state()).toBe('up');
});
