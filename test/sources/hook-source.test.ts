import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dhclientUplink, odhcp6cUplink } from '../../src/generate/uplink/hooked-uplink.ts';
import { parseInterfaceName } from '../../src/core/interface-name.ts';
import { debianTree } from '../lab/debian-tree.ts';
import { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';
import { askDoctor, showTree } from './ask-doctor.ts';
import { mountTree } from './tree-on-router.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';
const tree = debianTree('bookworm', 'dhclient', [
  'isc-dhcp-client',
  'iproute2',
  'hostname',
  'sed',
  'grep',
  'debianutils',
]);

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ name: 'hook', times: { preferred: 20, valid: 30, renew: 6, rebind: 16 } });
});
afterEach(async () => lab.stop());

const config = (client: string): string => configText().replace(/from: dhcpcd.*?}/, `from: hook, client: ${client} }`);
const delegations = () => readReport(lab)?.uplinks[0]?.delegations ?? [];
const intent = () => {
  const name = parseInterfaceName('eth0');
  if (!name.ok) throw new Error('no name');
  return { interface: name.value, length: 58, eventsDirectory: join(lab.router.shell.directory, 'run/events') };
};

test('the mirror has dhclient', () => {
  expect(tree).toBeDefined();
});

test.skipIf(tree === undefined)(
  'dhclient: bound, another prefix, stopped, started again, released',
  { timeout: 60_000 },
  async () => {
    const root = await mountTree(lab, tree!);
    const [hook] = dhclientUplink(intent());
    root.write(hook!.path, hook!.text, hook!.mode);
    const client = (...args: string[]): string[] =>
      root.argv(
        '/sbin/dhclient',
        '-6',
        '-P',
        '-lf',
        '/run/dhclient.leases',
        '-pf',
        '/run/dhclient.pid',
        ...args,
        'eth0',
      );
    const start = () => lab.router.shell.spawn(client('-d'), { label: 'dhclient' });
    await startGuarded(lab, config('dhclient'));
    let dhclient = start();
    await waitForMapping(lab, (prefix) => prefix === first, 15_000);
    expect(readReport(lab)!.problems).toEqual([]);

    await showTree(lab, '/etc/dhcp/dhclient-exit-hooks.d');
    const doctor = () => askDoctor(lab, '/none');
    const well = {
      'dhcp-client:eth0': expect.stringMatching(/^ok: dhclient listens on eth0/) as unknown,
      'hook:eth0': 'ok: /etc/dhcp/dhclient-exit-hooks.d/sixgate tells of dhclient',
    };
    expect(await doctor()).toMatchObject(well);
    await root.exec('rm', hook!.path);
    expect((await doctor())['hook:eth0']).toMatch(/^problem: there is no hook for dhclient/);
    root.write(hook!.path, hook!.text.replace('run/events', 'run/elsewhere'), hook!.mode);
    expect((await doctor())['hook:eth0']).toMatch(/^problem: .* leaves its events in \S+\/run\/elsewhere, and/);
    root.write(hook!.path, hook!.text, hook!.mode);
    await dhclient.stop();
    expect((await doctor())['dhcp-client:eth0']).toBe('problem: no DHCPv6 client listens on eth0 (UDP port 546)');
    const withoutPrefix = client('-d').filter((word) => word !== '-P');
    dhclient = lab.router.shell.spawn([...withoutPrefix.slice(0, -1), '-N', 'eth0'], { label: 'dhclient-n' });
    await waitUntil('it listens', async () => (await doctor())['dhcp-client:eth0']!.includes('without -P'));
    await dhclient.stop();
    dhclient = start();
    await waitUntil('it listens', async () => (await doctor())['dhcp-client:eth0']!.startsWith('ok'));
    expect(await doctor()).toMatchObject(well);

    await lab.provider.renumber({ site: 2 });
    await waitForMapping(lab, (prefix) => prefix === second, 15_000);
    await waitUntil('one delegation', () => delegations().length === 1);

    await dhclient.stop();
    await pause(500);
    expect(currentPrefix(lab)).toBe(second);
    const until = Date.parse(delegations()[0]!.validUntil!);
    dhclient = start();
    await waitUntil('a later deadline', () => Date.parse(delegations()[0]!.validUntil!) > until + 1000);
    expect(currentPrefix(lab)).toBe(second);

    await lab.router.shell.exec(client('-r'));
    await waitForMapping(lab, (prefix) => prefix === undefined);
  },
);

test('odhcp6c, by what its README says that it tells; by hand; and what is not meant for it', async () => {
  await startGuarded(lab, config('odhcp6c'));
  const [hook] = odhcp6cUplink(intent());
  const run = (state: string, prefixes: string, on = 'eth0'): void => {
    const env = { PREFIXES: prefixes, RDNSS: '2001:db8::53', EVIL: '$(touch /run/harm)\n\'"' };
    const done = spawnSync('/bin/sh', ['-s', on, state], { input: hook!.text, env, encoding: 'utf8' });
    expect([done.status, done.stdout, done.stderr]).toEqual([0, '', '']);
  };
  run('bound', `${first},1800,3600`);
  await waitForMapping(lab, (prefix) => prefix === first);
  run('bound', `${second},1800,3600`, 'eth7');
  run('unbound', '');
  await pause(300);
  expect(currentPrefix(lab)).toBe(first);
  run('updated', `${second},1800,3600`);
  await waitForMapping(lab, (prefix) => prefix === second);
  await waitUntil('one delegation', () => delegations().length === 1);

  const event = (...args: string[]) => lab.router.sixgate('event', '--uplink', 'dsl', ...args);
  expect((await event('--prefix', first, '--valid', '3600')).code).toBe(0);
  await waitForMapping(lab, (prefix) => prefix === first);
  expect((await event('--prefix', first, '--gone')).code).toBe(0);
  await waitForMapping(lab, (prefix) => prefix === second);
  expect((await event('--gone')).code).toBe(0);
  await waitForMapping(lab, (prefix) => prefix === undefined);
  expect((await event('--prefix', 'fd00::/48')).code).toBe(1);
  expect((await event()).code).toBe(2);
  expect((await lab.router.sixgate('event', '--uplink', 'fibre', '--gone')).code).toBe(2);
});
