import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { homeReport } from '../../src/testing/healthy-host.ts';
import { sixgate } from '../cli/sixgate.ts';
import { RunningServer } from './running-server.ts';

let server: RunningServer;
beforeAll(async () => void (server = await RunningServer.start()));
afterAll(() => server.stop());
beforeEach(() => void server.report());

test('the status is what `sixgate status --json` prints', async () => {
  const report = server.report();
  const answer = await server.ask('/api/status');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const told = (await answer.json()) as typeof report;
  const printed = JSON.parse(sixgate(['status', '--json', '--runtime-dir', server.runtimeDir]).stdout) as typeof report;
  const age = expect.any(Number) as number;
  // The command reads counters from the kernel where it may.
  expect(printed).toEqual({ ...told, daemon: { ...told.daemon, age }, guard: printed.guard });
  expect(told).toEqual({ ...report, daemon: { ...report.daemon, alive: true, state: 'running', age } });
});

test('a daemon that is gone, hangs, or never was', async () => {
  server.report({}, { pid: 2 ** 22 + 1 });
  expect(await (await server.ask('/api/status')).json()).toMatchObject({ daemon: { alive: false, state: 'stopped' } });
  server.report({ written: new Date(Date.now() - 600_000).toISOString() });
  const silent = (await (await server.ask('/api/status')).json()) as { daemon: { age: number } };
  expect(silent).toMatchObject({ daemon: { alive: true, state: 'silent' } });
  expect(Math.round(silent.daemon.age)).toBe(600);
  rmSync(server.runtimeDir, { recursive: true });
  const missing = await server.ask('/api/status');
  expect(missing.status).toBe(200);
  expect(await missing.json()).toMatchObject({ schemaVersion: 1, daemon: null, problem: { code: 'daemon-missing' } });
  expect(sixgate(['status', '--json', '--runtime-dir', server.runtimeDir])).toMatchObject({ code: 3 });
  mkdirSync(server.runtimeDir);
});

test.each(['', '{', '[]', '{"schemaVersion":2}', '\0\xff', '"x"'])(
  'a report of %j is told, and no crash',
  async (text) => {
    server.write(text);
    const answer = await server.ask('/api/status');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ daemon: null, problem: { code: 'status-unreadable' } });
    expect((await server.ask('/metrics')).status).toBe(200);
  },
);

test('a directory that may not be read is told plainly, at the start too', async () => {
  if (process.getuid?.() !== 0) return; // whose files it is may not be changed
  chmodSync(server.runtimeDir, 0o700);
  try {
    expect(await (await server.ask('/api/status')).json()).toMatchObject({
      problem: { code: 'file-unreadable', message: expect.stringContaining('state.json could not be read') as unknown },
    });
    const other = await RunningServer.start(['--listen', '[::1]:0', '--runtime-dir', server.runtimeDir]);
    await other.stop();
    expect(other.said).toContain('state.json could not be read');
  } finally {
    chmodSync(server.runtimeDir, 0o755);
  }
});

test.each([
  ['fd12:3456:789a:1::10', 'fd12:3456:789a:1::10', '2001:db8:a:aa81::10'],
  ['servers::10', 'fd12:3456:789a:1::10', '2001:db8:a:aa81::10'],
])('a trace of %s', async (text, address, becomes) => {
  const answer = await server.ask(`/api/trace?address=${encodeURIComponent(text)}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    schemaVersion: 1,
    address,
    lines: [{ direction: 'outbound', uplink: 'dsl', from: address, becomes }, { direction: 'inbound' }, {}],
  });
});

test.each([
  ['', 'address-syntax'],
  ['?address=', 'address-syntax'],
  ['?address=fd00::g', 'address-syntax'],
  ['?address=serves::10', 'config-reference'],
  [`?address=${'x'.repeat(1500)}`, 'address-syntax'],
  ['?address=%00%ff%zz', 'address-syntax'],
  ['?address=%3Cscript%3E', 'address-syntax'],
])('a trace of %j is refused', async (query, code) => {
  const answer = await server.ask(`/api/trace${query}`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ problem: { code } });
});

test('what is in force is not guessed', async () => {
  server.report({ inForce: false });
  const answer = await server.ask('/api/trace?address=fd12:3456:789a::10');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ problem: { code: 'kernel-unreadable' } });
});

test('metrics of the report', async () => {
  server.report({
    failover: { state: 'passive', since: null },
    guard: { leaving: 3, denied: 1 },
    problems: [
      { code: 'interface-missing', message: 'no "eth1"', mend: null, since: '2027-01-01T00:00:10.000Z' },
      { code: 'interface-missing', message: 'no "eth2"', mend: null, since: '2027-01-01T00:00:00.000Z' },
    ],
  });
  const answer = await server.ask('/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await answer.text()).split('\n');
  const since = Date.parse(homeReport.daemon.since) / 1000;
  for (const line of [
    'sixgate_up 1',
    `sixgate_start_time_seconds ${since}`,
    'sixgate_delegation_info{uplink="dsl",interface="eth0",prefix="2001:db8:a:aa80::/58",iaid="1",current="true"} 1',
    'sixgate_dropped_packets_total{reason="leaving"} 3',
    'sixgate_dropped_packets_total{reason="denied"} 1',
    'sixgate_changes_total 1',
    'sixgate_flows_moved_total 2',
    'sixgate_apply_duration_seconds_bucket{le="0.01"} 0',
    'sixgate_apply_duration_seconds_bucket{le="0.02"} 1',
    'sixgate_apply_duration_seconds_bucket{le="+Inf"} 1',
    'sixgate_apply_duration_seconds_sum 0.0125',
    'sixgate_failover_info{state="passive"} 1',
    'sixgate_problems 2',
    'sixgate_problem_since_timestamp_seconds{code="interface-missing"} 1798761600',
    'sixgate_guard_held 1',
  ]) {
    expect(lines).toContain(line);
  }
});

test('metrics without a daemon', async () => {
  rmSync(`${server.runtimeDir}/state.json`);
  const text = await (await server.ask('/metrics')).text();
  expect(text).toContain('\nsixgate_up 0\n');
  expect(text).not.toContain('sixgate_delegation');
});
