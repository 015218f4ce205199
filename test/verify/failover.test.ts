import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateFailover } from '../../src/generate/failover/generate-failover.ts';

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sixgate-failover-'));
  const intent = {
    interface: 'eth0',
    mac: '02:00:5e:10:20:30',
    lan: ['eth1=fd12:3456:789a::1/64', 'eth2=fd12:3456:789a:1::1/64'],
    length: 56,
    dhcpcdVersion: '9.4.1',
  };
  const places = { stateFile: '/run/sixgate/failover', eventsDirectory: '/run/sixgate/events' };
  const made = generateFailover(intent, { target: 'keepalived', ...places });
  if (!made.ok) throw new Error(made.problem[0]!.message);
  for (const { path, mode, text } of made.value.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode });
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** In a namespace with the interfaces that it names; keepalived looks at them. */
function testConf(text: string): { status: number | null; stderr: string } {
  const file = join(root, 'tested.conf');
  writeFileSync(file, text);
  const script = [
    'for i in eth0 eth1 eth2; do ip link add $i type veth peer name p$i || exit 99; ip link set $i up; done',
    `mkdir -p /etc/sixgate && cp ${join(root, 'etc/sixgate/failover')} /etc/sixgate/failover || exit 98`,
    `exec keepalived --log-console --config-test -f ${file}`,
  ].join('\n');
  const overlay = `mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w &&
    mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w /etc && mount -t tmpfs tmpfs /run && `;
  const argv = ['-m', '-n', '--propagation', 'private', 'sh', '-c', `${overlay}{ ${script}\n}`];
  const { status, stderr, stdout } = spawnSync('unshare', argv, { encoding: 'utf8', timeout: 20_000 });
  return { status, stderr: stdout + stderr };
}

test('keepalived takes keepalived.conf, and not one with a word changed', () => {
  const text = readFileSync(join(root, 'etc/keepalived/keepalived.conf'), 'utf8');
  const good = testConf(text);
  expect(good).toMatchObject({ status: 0 });
  expect(good.stderr).not.toMatch(/unknown|unsafe|disabled|not found/i);
  expect(testConf(text.replace('nopreempt', 'never_preempt')).status).not.toBe(0);
});

test('the script is plain sh', () => {
  const script = join(root, 'etc/sixgate/failover');
  expect(spawnSync('shellcheck', ['-s', 'sh', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  chmodSync(script, 0o755);
  expect(spawnSync(script, ['nonsense'], { encoding: 'utf8' })).toMatchObject({ status: 2, stdout: '' });
});

test('systemd takes the service of the client and what is added to that of keepalived', () => {
  const verify = (file: string) =>
    spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8', timeout: 20_000 });
  const client = join(root, 'etc/systemd/system/sixgate-dhcpcd.service');
  expect(verify(client)).toMatchObject({ status: 0, stderr: '' });
  const added = readFileSync(join(root, 'etc/systemd/system/keepalived.service.d/sixgate.conf'), 'utf8');
  // Its script is not on this machine; anything that is there stands in for it.
  const whole = added
    .replaceAll('/etc/sixgate/failover', '/bin/true')
    .replace('[Service]', '[Service]\nExecStart=/usr/sbin/keepalived --dont-fork');
  const file = join(root, 'keepalived.service');
  writeFileSync(file, whole);
  expect(verify(file)).toMatchObject({ status: 0, stderr: '' });
  writeFileSync(file, whole.replace('RestartSec', 'RestartSeconds'));
  expect(verify(file).stderr).toContain('RestartSeconds');
});
