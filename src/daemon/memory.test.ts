import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import type { Config } from '../engine/config.ts';
import type { LeaseReport } from '../engine/delegation.ts';
import type { Host } from '../host/host.ts';
import { systemHost } from '../host/system-host.ts';
import { openMemory, type Memory } from './memory.ts';

const config = ((): Config => {
  const text = `
uplinks: { dsl: { interface: eth0, prefix: { from: dhcpcd, length: 58 } } }
networks: { home: { prefix: fd12:3456:789a::/58, subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [{ network: home, uplink: dsl }]
`;
  const read = loadConfig([{ name: 'a.yaml', text }]);
  if (!read.ok) throw new Error(read.problem[0]!.message);
  return read.value.config;
})();

let directory = '';
/** What the wall clock was set forward by, and how long the machine has run besides. */
let jump = 0;
let passed = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-memory-'));
  jump = passed = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const host: Host = {
  ...systemHost,
  clock: { ...systemHost.clock, now: () => 1_000_000_000_000 + passed + jump, uptime: () => 5000 + passed },
};
const open = (): Promise<Memory> => {
  const paths = { config: join(directory, 'config.yaml'), runtimeDir: directory, stateDir: directory };
  return openMemory(host, paths, config, { info() {}, warn() {}, error() {} });
};
const prefix = ((): Prefix => {
  const read = parsePrefix('2001:db8:a:aa80::/58');
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
})();
const reply: LeaseReport = {
  interface: 'eth0',
  reason: 'RENEW6',
  prefixes: [{ iaid: 1, prefix, preferredLifetime: 1800, validLifetime: 3600 }],
  released: false,
  refused: [],
};

test('what was told and not stored yet outlives that the configuration is read again', async () => {
  const memory = await open();
  memory.merge('dsl', reply, config);
  memory.reload(config);
  expect(memory.settle().delegations).toMatchObject([{ prefix }]);
});

test.each([86_400_000, -86_400_000])(
  'the wall clock is set by %i ms: lifetimes end when they would have',
  async (by) => {
    const memory = await open();
    memory.merge('dsl', reply, config);
    memory.settle();
    jump = by;
    passed = 3_000_000;
    expect(memory.settle().delegations).toHaveLength(1);
    await memory.store();
    jump = 3 * by;
    const next = await open();
    expect(next.settle().delegations).toHaveLength(1);
    passed = 3_700_000;
    expect(next.settle().delegations).toEqual([]);
    expect((await open()).settle().delegations).toEqual([]);
  },
);

test('the clock is set just before the configuration is read again, or tried: the prefix is still ours', async () => {
  const memory = await open();
  memory.merge('dsl', reply, config);
  memory.settle();
  jump = 86_400_000;
  memory.reload(config);
  expect(memory.settle().delegations).toHaveLength(1);
  jump = 2 * jump;
  memory.tryFor(config);
  memory.goBack(config, () => false);
  expect(memory.settle().delegations).toHaveLength(1);
});

test('what could not be stored is a problem, and is tried again', async () => {
  const memory = await open();
  memory.merge('dsl', reply, config);
  memory.settle();
  rmSync(directory, { recursive: true });
  expect(await memory.store()).toBe(false);
  expect(memory.problems()).toMatchObject([{ code: 'file-unwritable' }]);
  const { mkdirSync } = await import('node:fs');
  mkdirSync(directory);
  expect(await memory.store()).toBe(true);
  expect(memory.problems()).toEqual([]);
  expect((await open()).settle().delegations).toMatchObject([{ prefix }]);
});
