import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/engine/report.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { RunningServer } from '../server/running-server.ts';
import { unpackedPackages } from './unpacked-packages.ts';

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(readFileSync(join(repositoryRoot, 'packaging/grafana/sixgate.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
};
const rules = join(repositoryRoot, 'packaging/prometheus/sixgate.rules.yml');
const tree = unpackedPackages('prometheus', ['prometheus'])!;
const promtool = (args: readonly string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(join(tree, 'usr/bin/promtool'), args, { input, encoding: 'utf8' });
  return { status, said: stdout + stderr };
};

const scratch = mkdtempSync(join(tmpdir(), 'sixgate-metrics-'));
let server: RunningServer;
/** With something of everything that there are figures of. */
function putReport(changes: Partial<Report> = {}): Report {
  const failover = { state: 'active', since: null } as const;
  const problem = {
    code: 'interface-missing',
    message: 'there is no "eth1"\nat all',
    mend: null,
    since: '2027-01-01T00:00:00.000Z',
  } as const;
  const guard = { leaving: 3, arriving: 0, unmapped: 7, denied: 1 };
  return server.report({ guard, failover, problems: [problem], ...changes });
}
beforeAll(async () => {
  server = await RunningServer.start();
  putReport();
});
afterAll(async () => {
  await server.stop();
  rmSync(scratch, { recursive: true });
});
const metrics = async () => (await server.ask('/metrics')).text();
const check = (text: string) => promtool(['check', 'metrics'], text);

test('promtool finds nothing wrong with the metrics, with a daemon and without', async () => {
  expect(check(await metrics())).toEqual({ status: 0, said: '' });
  const alone = await RunningServer.start();
  expect(check(await (await alone.ask('/metrics')).text())).toEqual({ status: 0, said: '' });
  await alone.stop();
});

test('promtool would find what is wrong', async () => {
  const text = await metrics();
  expect(check(text.replace('# HELP sixgate_up', '# HELP sixgate_other')).status).not.toBe(0);
  expect(check(text.replaceAll('sixgate_changes_total', 'sixgate_changes')).status).not.toBe(0);
  expect(check(text.replace('version="', 'version=')).status).not.toBe(0);
});

test('names in labels may be anything', async () => {
  const before = await metrics();
  const odd = 'a"b\\c\nd é';
  const report = putReport();
  putReport({ uplinks: report.uplinks.map((uplink) => ({ ...uplink, name: odd })) });
  const text = await metrics();
  putReport();
  expect(check(text)).toEqual({ status: 0, said: '' });
  expect(text).toContain('uplink="a\\"b\\\\c\\nd é"');
  expect(before).not.toContain('é');
});

test('the alerts are in order, and ring when they should', () => {
  const checked = promtool(['check', 'rules', rules]);
  expect(checked).toMatchObject({ status: 0, said: expect.stringContaining('8 rules found') as unknown });
  const series = (name: string, values: string, labels = '') => ({
    series: `${name}{instance="r"${labels && `,${labels}`}}`,
    values,
  });
  const alert = (name: string, at: string, labels: Record<string, string> | undefined) => ({
    alertname: name,
    eval_time: at,
    exp_alerts: labels ? [{ exp_labels: { severity: labels['severity'], instance: 'r', ...labels } }] : [],
  });
  const cases = {
    rule_files: [rules],
    tests: [
      {
        interval: '1m',
        input_series: [
          series('sixgate_up', '0x9 1x60'),
          series('sixgate_delegations', '0x60', 'uplink="dsl"'),
          // One that stands by has no prefix, and need not.
          { series: 'sixgate_delegations{instance="other",uplink="dsl"}', values: '0x60' },
          { series: 'sixgate_failover_info{instance="other",state="passive"}', values: '1x60' },
          { series: 'sixgate_up{instance="other"}', values: '1x60' },
          series('sixgate_guard_held', '0x60'),
          series('sixgate_in_force', '1x60'),
          series('sixgate_problems', '2x60'),
          series('sixgate_delegation_valid_seconds', '3600-60x60', 'uplink="dsl",prefix="p",iaid="1"'),
          series('sixgate_delegation_valid_seconds', '50x60', 'uplink="dsl",prefix="old",iaid="1"'),
          series('sixgate_dropped_packets_total', '0+50x60', 'reason="leaving"'),
          series('sixgate_dropped_packets_total', '0+50x60', 'reason="unmapped"'),
          series('sixgate_repairs_total', '0x30 1x30'),
        ],
        alert_rule_test: [
          alert('SixgateDown', '5m', { severity: 'critical' }),
          alert('SixgateDown', '15m', undefined),
          alert('SixgateNoPrefix', '5m', undefined), // the daemon is down: that is the alert
          alert('SixgateNoPrefix', '20m', { severity: 'critical', uplink: 'dsl' }),
          alert('SixgateGuardNotHeld', '20m', { severity: 'warning' }),
          alert('SixgateNotInForce', '20m', undefined),
          alert('SixgateProblem', '20m', { severity: 'warning' }),
          alert('SixgatePrefixEnds', '20m', undefined),
          alert('SixgatePrefixEnds', '55m', { severity: 'warning', uplink: 'dsl' }),
          alert('SixgateLeaks', '20m', { severity: 'warning', reason: 'leaving' }),
          alert('SixgateRepairs', '50m', undefined),
        ],
      },
    ],
  };
  // promtool compares annotations too, where it is given any; with none it wants none.
  const bare = readFileSync(rules, 'utf8').replaceAll(/^ {8}annotations:\n(?: {10}.*\n)+/gm, '');
  writeFileSync(join(scratch, 'bare.yml'), bare);
  writeFileSync(join(scratch, 'cases.yml'), JSON.stringify({ ...cases, rule_files: [join(scratch, 'bare.yml')] }));
  expect(promtool(['test', 'rules', join(scratch, 'cases.yml')])).toMatchObject({
    status: 0,
    said: expect.stringContaining('SUCCESS') as unknown,
  });
});

test('every question of the dashboard and of the alerts has an answer in a Prometheus that asks this server', async () => {
  const port = 30_000 + (process.pid % 10_000);
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'sixgate', static_configs: [{ targets: [`[::1]:${server.port}`] }] }],
  };
  mkdirSync(join(scratch, 'data'));
  writeFileSync(join(scratch, 'prometheus.yml'), JSON.stringify(config));
  const prometheus = spawn(
    join(tree, 'usr/bin/prometheus'),
    [
      `--config.file=${join(scratch, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(scratch, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.console.templates=${scratch}`,
      `--web.console.libraries=${scratch}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => prometheus.on('exit', resolve));
  try {
    const query = async (expression: string) => {
      const asked = new URLSearchParams({ query: expression });
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?${asked.toString()}`).catch(() => undefined);
      // Not yet: it is still starting.
      if (!answer || answer.status === 503) return [];
      const { status, data, error } = (await answer.json()) as {
        status: string;
        error?: string;
        data: { result: { metric: Record<string, string> }[] };
      };
      if (status !== 'success') throw new Error(`${expression}: ${error}`);
      return data.result;
    };
    await waitUntil('three scrapes', async () => (await query('count_over_time(sixgate_up[1m]) >= 3')).length > 0, {
      timeout: 30_000,
    });
    const questions = dashboard.panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
    );
    expect(questions.length).toBeGreaterThan(20);
    for (const { title, expr, legendFormat } of questions) {
      const concrete = expr.replaceAll('$instance', '.+').replaceAll('$__rate_interval', '1m');
      const result = await query(concrete);
      expect({ title, answered: result.length > 0 }).toEqual({ title, answered: true });
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect({ title, label, known: Object.hasOwn(result[0]!.metric, label!) }).toEqual({
          title,
          label,
          known: true,
        });
      }
    }
    for (const { expr } of dashboard.annotations.list) await query(expr.replaceAll('$instance', '.+'));
    // Every metric that an alert names is there.
    const names = new Set(readFileSync(rules, 'utf8').match(/\bsixgate_\w+/g));
    expect(names.size).toBeGreaterThan(6);
    for (const name of names) expect({ name, there: (await query(name)).length > 0 }).toEqual({ name, there: true });
  } finally {
    prometheus.kill('SIGKILL');
    await ended;
  }
});
