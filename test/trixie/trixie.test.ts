import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { startEcho, startFlows } from '../lab/probes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { buildPackage, type BuiltPackage } from '../package/built-package.ts';
import { readImage } from '../qemu/image.ts';
import { mountTree, type TreeOnRouter } from '../sources/tree-on-router.ts';

/** The router is a Debian 13 from its kernel's interface up: its Node, nft, conntrack and dhcpcd, and the package installed by its dpkg. */
let lab: Lab;
let tree: TreeOnRouter;
let built: BuiltPackage;
let daemon: LabProcess;

beforeAll(async () => {
  const image = await readImage('trixie', join(import.meta.dirname, 'image/build'));
  built = buildPackage();
  lab = await Lab.start({ name: 'trixie' });
  tree = await mountTree(lab, join(image, 'root'));
  copyFileSync(built.file, join(lab.directory, 'sixgate.deb'));
  copyFileSync(built.next(), join(lab.directory, 'next.deb'));
}, 900_000);
afterAll(async () => {
  await lab?.stop();
  built?.remove();
});

const sh = (text: string): Promise<string> => tree.exec('sh', '-ec', `PATH=/usr/sbin:/usr/bin:/sbin:/bin; ${text}`);

/** As the unit starts it: as its user, with three capabilities. */
async function startDaemon(): Promise<void> {
  const capabilities = '-all,+net_admin,+net_bind_service,+kill';
  const limits = ['--inh-caps', '--ambient-caps', '--bounding-set'].flatMap((option) => [option, capabilities]);
  const user = ['--reuid=sixgate', '--regid=sixgate', '--init-groups', '--no-new-privs'];
  const argv = tree.argv('setpriv', ...user, ...limits, '/usr/bin/sixgate', 'run');
  daemon = lab.router.shell.spawn(argv, { label: 'sixgate' });
  await waitUntil(`the held guard (${daemon.logFile})`, async () => (await readStatus())?.daemon.guardHeld === true);
}

async function readStatus(): Promise<Status | undefined> {
  const text = await sh('cat /run/sixgate/state.json || true');
  const status = text === '' ? undefined : (JSON.parse(text) as Status);
  return status?.daemon.pid === daemon.pid ? status : undefined;
}

interface Status {
  readonly daemon: { readonly pid: number; readonly guardHeld: boolean };
  readonly mappings: readonly { readonly outside: string; readonly direction: string }[];
  readonly problems: readonly { readonly code: string }[];
}

async function waitForMapping(outside: string): Promise<void> {
  await waitUntil(
    `${outside} in force (${daemon.logFile})`,
    async () =>
      (await readStatus())?.mappings.some((each) => each.outside === outside && each.direction === 'both') === true,
  );
}

test('dpkg installs it on what Debian 13 has, and it runs on its Node', async () => {
  await sh(`dpkg -i ${lab.directory}/sixgate.deb`);
  expect(await sh("dpkg --verify sixgate; dpkg-query -W -f '${Status}' sixgate")).toBe('install ok installed');
  expect(await sh('node --version')).toMatch(/^v20\./);
  expect(await sh('nft --version')).toMatch(/v1\.1\./);
  expect(await sh('getent passwd sixgate')).toMatch(/:\/var\/lib\/sixgate:\/usr\/sbin\/nologin$/m);
  expect(await sh('stat -c "%U %a" /run/sixgate/events')).toBe('sixgate 2750\n');
});

test('init writes a configuration that is valid there, generate one that its dhcpcd takes', async () => {
  await sh(
    'sixgate init --yes --uplink eth0 --lan eth1 --from dhcpcd --length 58 --prefix fd12:3456:789a::/58 --no-advertise',
  );
  await sh('sixgate generate uplink --for dhcpcd --interface eth0 --length 58 --out / --force');
  expect(await sh('sixgate check --json')).toContain('"dhcpcd"');
  expect(await sh('grep ia_pd /etc/dhcpcd.conf')).toContain('ia_pd 1/::/58 -');
});

test('as its own user it puts the prefix that dhcpcd is delegated in force, and hosts inside reach the Internet', async () => {
  await sh('install -d -m 750 -o sixgate -g sixgate /var/lib/sixgate');
  await startDaemon();
  const dhcpcd = lab.router.shell.spawn(tree.argv('dhcpcd', '-B', '-d', '--nodev', '-f', '/etc/dhcpcd.conf'), {
    label: 'dhcpcd',
  });
  await waitForMapping('2001:db8:a:aa80::/58');
  expect(dhcpcd.log()).toMatch(/dhcpcd-10\./);
  expect((await readStatus())?.problems).toEqual([]);
  await startEcho(lab, 'server');
});

test('the provider renumbers without notice, the rules are flushed, the package is upgraded: long flows go on, nothing leaks', async () => {
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'udp-new', 'icmp-long'] });
  await lab.provider.renumber({ site: 2 });
  await waitForMapping('2001:db8:b:bb80::/58');
  await sh('nft flush ruleset');
  await waitUntil('the rules are back', async () => (await sh('nft list tables')).includes('table ip6 sixgate\n'));
  await sh(`dpkg -i ${lab.directory}/next.deb`);
  await daemon.stop();
  await startDaemon();
  await waitForMapping('2001:db8:b:bb80::/58');
  const before = await lab.provider.counters();
  await waitUntil(
    'packets from the new prefix',
    async () => (await lab.provider.counters()).translated > before.translated + 50,
  );
  const report = await flows.stop();
  expect(report['udp-long'].sources.map(({ address }) => address)).toEqual([
    '2001:db8:a:aa80::10',
    '2001:db8:b:bb80::10',
  ]);
  for (const kind of ['udp-long', 'udp-new', 'icmp-long'] as const)
    expect(report[kind].outages.at(-1)?.open ?? false).toBe(false);
  expect((await lab.provider.counters()).inside).toBe(0);
});

test('maintainer scripts may be called again, and as dpkg does when something else fails', async () => {
  const info = '/var/lib/dpkg/info/sixgate';
  const state =
    'getent passwd sixgate; ls -l /etc/systemd/system/*.wants; ls -ld /run/sixgate/events; cat /etc/sixgate/config.yaml';
  const before = await sh(state);
  await sh(`${info}.postinst configure 0.1.0; ${info}.postinst configure 0.1.0`);
  await sh(`${info}.prerm upgrade 0.2.0; ${info}.postrm upgrade 0.2.0; ${info}.postinst abort-upgrade 0.2.0`);
  await sh(`${info}.prerm failed-upgrade 0.1.0; ${info}.postrm abort-install; ${info}.postinst abort-deconfigure`);
  expect(await sh(state)).toBe(before);
  expect(await sh('nft list tables')).toContain('table ip6 sixgate\n');
});

test('remove takes it out of the kernel, purge off the disk', async () => {
  await daemon.stop();
  await sh('dpkg --remove sixgate');
  expect(await sh('nft list tables')).not.toContain('sixgate');
  await sh(
    'test -e /etc/sixgate/config.yaml; dpkg --purge sixgate; ! test -e /etc/sixgate; ! test -e /var/lib/sixgate',
  );
});
