import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { buildSixgate, executable, Machine, smallRouter } from './machine.ts';

let machine: Machine;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(smallRouter);
});
afterAll(() => machine?.stop());

const kept = '/var/lib/sixgate/guard.nft';
const unit = readFileSync(join(repositoryRoot, 'packaging/systemd/sixgate.service'), 'utf8');
/** What the unit runs before the daemon, without the quotes that systemd takes away. */
const before = /^ExecStartPre=-\/bin\/sh -c '([^']+)'$/m.exec(unit)![1]!;
const guard = (): string => machine.run(['nft', '-s', 'list', 'table', 'inet', 'sixgate_guard']).stdout;
const state = () =>
  JSON.parse(machine.sh('cat /run/sixgate/state.json')) as { readonly daemon: { readonly guardHeld: boolean } };

/** Runs the daemon until `met`, and what a reboot leaves of it is the disk. */
async function runUntil(
  met: () => boolean,
  config: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ rules: string; said: string }> {
  machine.run(['sh', '-c', 'mkdir -p /etc/sixgate; cat >/etc/sixgate/config.yaml'], config);
  const daemon = machine.start([executable, 'run', '--fall-back', '--log-format', 'text'], env);
  await waitUntil('it is in force', () => machine.run(['test', '-s', '/run/sixgate/state.json']).code === 0 && met());
  daemon.child.kill('SIGTERM');
  await daemon.ended;
  const rules = guard();
  machine.sh('nft flush ruleset; rm -f /run/sixgate/state.json');
  return { rules, said: daemon.output() };
}

const config = (more = '', prefix = 'fd12:3456:789a::/58'): string => `${more}
uplinks: { dsl: { interface: eth0, prefix: { from: static, prefix: "2001:db8:a:aa80::/58" } } }
networks: { home: { prefix: "${prefix}", subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [ { network: home, uplink: dsl } ]
`;

/** Puts a script of ours in front of the real one, for those that are started with `replaced`. */
function replaceTool(name: string, script: string): void {
  machine.run(
    ['sh', '-ec', `mkdir -p /run/tools; cat >/run/tools/${name}; chmod +x /run/tools/${name}`],
    `#!/bin/sh\n${script}\n`,
  );
}
const replaced = { PATH: `/run/tools:${process.env['PATH']}` };
const isKept = (): boolean => machine.run(['test', '-f', kept]).code === 0;

beforeEach(() =>
  machine.sh(
    'rm -rf /run/tools /run/sixgate /var/lib/sixgate; mkdir -p /run/sixgate /var/lib/sixgate; nft flush ruleset',
  ),
);

test('the guard of the last run stands before the daemon starts, and the daemon takes it over as it is', async () => {
  const { rules, said } = await runUntil(isKept, config());
  expect(rules).toContain('no inside address leaves an uplink, dsl');
  expect(said).toContain('inet sixgate_guard is not there');
  machine.sh(before);
  expect(guard()).toBe(rules);
  const again = await runUntil(() => state().daemon.guardHeld, config());
  expect(again.rules).toBe(rules);
  expect(again.said).toContain('ip6 sixgate is not there');
  expect(again.said).not.toContain('inet sixgate_guard');
  expect(machine.sh(`stat -c %a ${kept}`)).toBe('640\n');
});

test('one that stands is left as it is', () => {
  machine.sh(`printf 'table inet sixgate_guard { chain other { }\\n}\\n' >${kept}`);
  machine.sh('nft add table inet sixgate_guard');
  machine.sh(before);
  expect(guard()).not.toContain('other');
  machine.sh(`nft delete table inet sixgate_guard; ${before}`);
  expect(guard()).toContain('other');
});

test('at the very first start there is none, which is no failure', () => {
  expect(machine.run(['sh', '-c', before])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('it follows the configuration', async () => {
  await runUntil(isKept, config());
  await runUntil(() => machine.sh(`cat ${kept}`).includes('fd12:3456:789b'), config('', 'fd12:3456:789b::/58'));
  machine.sh(before);
  expect(guard()).toContain('fd12:3456:789b');
});

test('where ip6tables has the rules it stands as well, and goes once the held copy stands', async () => {
  const closed = config('backend: ip6tables');
  await runUntil(isKept, closed);
  machine.sh(before);
  expect(guard()).toContain('no inside address leaves an uplink, dsl');
  const monitor = machine.start(['nft', 'monitor']);
  await waitUntil('the monitor hears', () => {
    machine.sh('nft add table ip6 knock; nft delete table ip6 knock');
    return monitor.output().includes('knock');
  });
  replaceTool('nft', '[ "$*" != -i ] || sleep 0.7; exec /usr/sbin/nft "$@"');
  const { said } = await runUntil(() => guard() === '' && state().daemon.guardHeld, closed, replaced);
  expect(said).toContain('the rules that the other backend had left are taken away');
  await waitUntil('the monitor has heard', () => monitor.output().includes('delete table inet sixgate_guard'));
  monitor.child.kill('SIGTERM');
  await monitor.ended;
  const order = monitor
    .output()
    .split('\n')
    .filter((line) => /^(add|delete) table inet sixgate_(held|guard)/.test(line));
  expect(order.slice(0, 2)).toEqual([
    expect.stringMatching(/^add table inet sixgate_held_/),
    'delete table inet sixgate_guard',
  ]);
});

test('it stays where the rules in ip6tables cannot be put in force', async () => {
  const closed = config('backend: ip6tables');
  await runUntil(isKept, closed);
  machine.sh(before);
  replaceTool('ip6tables-restore', 'echo >>/run/tools/tries; exit 1');
  const daemon = machine.start([executable, 'run'], replaced);
  await waitUntil('it has failed again and again', () => machine.run(['cat', '/run/tools/tries']).stdout.length > 2);
  await waitUntil('the held copy stands', () => state().daemon.guardHeld);
  expect(guard()).toContain('no inside address leaves an uplink, dsl');
  daemon.child.kill('SIGTERM');
  await daemon.ended;
  expect(guard()).toContain('no inside address leaves an uplink, dsl');
});
