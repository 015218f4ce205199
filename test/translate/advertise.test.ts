import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, startGuarded, waitForMapping } from './following.ts';

// A real radvd reads what the daemon keeps; a host that listens to it says whether it has a way to the Internet.

let lab: Lab;
let daemon: LabProcess;
let client: LabProcess;
let radvd: LabProcess;

beforeAll(async () => {
  lab = await Lab.start({ name: 'advertise' });
  daemon = await startGuarded(
    lab,
    configText().replace('subnets:', 'advertise: { dns: ["fd12:3456:789a::1"] }\n    subnets:'),
  );
  await lab.exec('lan1', ['ip', '-6', 'route', 'del', 'default']);
  await lab.exec('lan1', ['sysctl', '-qw', 'net.ipv6.conf.eth0.accept_ra=1']);
  const file = join(lab.router.shell.directory, 'run/radvd.conf');
  radvd = lab.spawn('router', ['radvd', '-n', '-C', file, '-p', '/run/radvd.pid', '-m', 'stderr'], { label: 'radvd' });
}, 30_000);
afterAll(async () => lab?.stop());

/** Routes that lan1 was told of by router advertisements. */
async function learned(): Promise<string> {
  return lab.exec('lan1', ['ip', '-6', 'route', 'show', 'proto', 'ra']);
}

async function waitForDefault(wanted: boolean, timeout = 5000): Promise<string> {
  await waitUntil(
    `a default route: ${String(wanted)} (${daemon.log()}${radvd.log()})`,
    async () => (await learned()).includes('default via') === wanted,
    { timeout },
  );
  return learned();
}

test('before there is a prefix hosts are told of the subnet and of no default router', async () => {
  await waitUntil(
    'an advertisement',
    async () => (await lab.exec('lan1', ['ip', '-6', 'addr', 'show', 'dynamic'])).includes('fd12:3456:789a:0:'),
    { timeout: 5000 },
  );
  expect(await learned()).not.toContain('default');
});

test('with the mapping comes the default route', async () => {
  client = await lab.router.startGeneratedDhcpcd();
  await waitForMapping(lab, (prefix) => prefix !== undefined);
  expect(await waitForDefault(true)).toMatch(/default via fe80::/);
});

test('the prefix is given back: the default route goes, before its lifetime would end it', async () => {
  client.signal('SIGALRM');
  await waitForMapping(lab, (prefix) => prefix === undefined);
  expect(await waitForDefault(false)).not.toContain('default');
});

test('radvd is told only when something changed', async () => {
  const told = (): number => radvd.log().split('attempting to reread config file').length - 1;
  expect(told()).toBe(2);
});
