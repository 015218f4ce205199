import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSixgate, executable, Machine } from './machine.ts';

let machine: Machine;
beforeAll(async () => {
  buildSixgate();
  machine = await Machine.start(
    'for name in eth0 eth1; do ip link add $name type veth peer name p$name; ip link set $name up; ip link set p$name up; done',
  );
});
afterAll(() => machine?.stop());

const prefix = '2001:db8:a:aa80::/58';
const event = (...more: string[]): void =>
  void machine.sh(`${executable} event --uplink dsl --prefix ${prefix} ${more.join(' ')}`);

beforeEach(() => {
  machine.sh(`rm -rf /run/sixgate /var/lib/sixgate; mkdir -p /etc/sixgate /run/sixgate /var/lib/sixgate
cat > /etc/sixgate/config.yaml <<END
uplinks: { dsl: { interface: eth0, prefix: { from: hook } } }
networks: { home: { prefix: "fd12:3456:789a::/58", subnets: { lan: { id: 0, interface: eth1 } } } }
translate: [ { network: home, uplink: dsl } ]
END`);
});

test('json: what changed and why, problems with code and mend, and no line for nothing', async () => {
  const daemon = machine.start([executable, 'run', '--log-format', 'json']);
  const lines = (): Record<string, unknown>[] =>
    daemon
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await daemon.until('sixgate_guard is not there');
  event('--preferred 1800 --valid 3600');
  await daemon.until(`dsl now has ${prefix}`);
  const change = lines().find(({ message }) => String(message).includes(`dsl now has ${prefix}`));
  expect(change).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: 'info',
    message: expect.any(String),
    event: 'change',
    tookMs: expect.any(Number),
  });
  await sleep(1500);
  const before = lines().length;
  // Renewals with the same prefix, one after the other.
  for (let count = 0; count < 3; count++) event('--preferred 1800 --valid 3600');
  await sleep(1500);
  expect(lines().slice(before)).toEqual([]);

  machine.sh('nft delete table ip6 sixgate');
  await daemon.until('"event":"repair"');
  machine.sh('ip link del eth1');
  await daemon.until('"code":"interface-missing"');
  const problem = lines().find(({ code }) => code === 'interface-missing');
  expect(problem).toMatchObject({ level: 'warning', event: 'problem' });
  machine.sh('ip link add eth1 type veth peer name peth1');
  await daemon.until('"event":"problem-over"');
  daemon.child.kill('SIGTERM');
  await daemon.ended;
  expect(lines().every((line) => typeof line['message'] === 'string')).toBe(true);
});

test('a start at which the first try fails has changed something once, and repaired nothing', async () => {
  machine.sh(`mkdir -p /run/slow; cat > /run/slow/nft <<'END'
#!/bin/sh
case "$*" in *-f*) [ -e /run/slow/failed ] || { touch /run/slow/failed; exit 1; } ;; esac
exec /usr/sbin/nft "$@"
END
chmod +x /run/slow/nft; rm -f /run/slow/failed
nft flush ruleset`);
  const daemon = machine.start(['sh', '-c', `PATH=/run/slow:$PATH exec ${executable} run --log-format json`]);
  await daemon.until('"code":"apply-failed"');
  await daemon.until('"event":"problem-over"');
  await sleep(1500);
  const { activity } = JSON.parse(machine.sh('cat /run/sixgate/state.json')) as { activity: Record<string, unknown> };
  expect(activity).toMatchObject({ changes: 1, repairs: 0 });
  daemon.child.kill('SIGTERM');
  await daemon.ended;
});

test('journald where standard error goes to the journal, and only there', async () => {
  const script = (stream: string): string =>
    `export JOURNAL_STREAM=${stream}; exec ${executable} run --config /nowhere.yaml`;
  const told = async (stream: string): Promise<string> => {
    const ended = machine.run(['sh', '-c', `exec 2>/run/log; ${script(stream)}`]);
    expect(ended.code).toBe(78);
    return machine.sh('cat /run/log');
  };
  expect(await told('$(stat -L -c %d:%i /proc/self/fd/2)')).toMatch(/^<3>\/nowhere.yaml:1:1: [^\n]*\n$/);
  expect(await told('1:2')).toMatch(/^\/nowhere.yaml:1:1: /);
});

test('a level leaves out what counts less', async () => {
  const daemon = machine.start([executable, 'run', '--log-level', 'warning']);
  machine.sh('ip link set eth0 name eth7');
  await daemon.until('warning: ');
  daemon.child.kill('SIGTERM');
  await daemon.ended;
  machine.sh('ip link set eth7 name eth0');
  expect(daemon.output()).not.toContain('sixgate_guard is not there');
});
