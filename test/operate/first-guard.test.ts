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
async function runUntil(met: () => boolean, config: string): Promise<{ rules: string; said: string }> {
  machine.run(['sh', '-c', 'mkdir -p /etc/sixgate; cat >/etc/sixgate/config.yaml'], config);
  const daemon = machine.start([executable, 'run', '--fall-back', '--log-format', 'text']);
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
const isKept = (): boolean => machine.run(['test', '-f', kept]).code === 0;

beforeEach(() =>
  machine.sh('rm -rf /run/sixgate /var/lib/sixgate; mkdir -p /run/sixgate /var/lib/sixgate; nft flush ruleset'),
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

test('it follows the configuration, and goes where ip6tables has the guard', async () => {
  await runUntil(isKept, config());
  await runUntil(() => machine.sh(`cat ${kept}`).includes('fd12:3456:789b'), config('', 'fd12:3456:789b::/58'));
  machine.sh(before);
  expect(guard()).toContain('fd12:3456:789b');
  await runUntil(() => !isKept(), config('backend: ip6tables'));
  machine.sh(before);
  expect(guard()).toBe('');
});
