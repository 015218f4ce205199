import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { networkdUplink } from '../../src/generate/uplink/networkd-uplink.ts';
import { debianTree } from '../lab/debian-tree.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';
import { askDoctor, showTree } from './ask-doctor.ts';
import { mountTree, type TreeOnRouter } from './tree-on-router.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';

const releases = (['bookworm', 'trixie'] as const).map((release) => ({
  release,
  root: debianTree(release, 'networkd', ['systemd', 'dbus']),
}));

test('the mirror has both', () => {
  expect(releases.filter(({ root }) => root === undefined)).toEqual([]);
});

describe.each(releases.filter(({ root }) => root !== undefined))('networkd of $release', ({ root }) => {
  let lab: Lab;
  let tree: TreeOnRouter;
  let networkd: LabProcess;

  beforeEach(async () => {
    lab = await Lab.start({ name: 'networkd', times: { preferred: 20, valid: 25, renew: 6, rebind: 16 } });
    tree = await mountTree(lab, root!);
    for (const { path, text } of networkdUplink({ interface: 'eth0' as never, length: 58 })) tree.write(path, text);
    await tree.exec(
      'mkdir',
      '-p',
      '/run/dbus',
      '/run/systemd/netif/links',
      '/run/systemd/netif/leases',
      '/run/systemd/netif/lldp',
    );
    await tree.exec('chown', '-R', 'systemd-network:', '/run/systemd/netif');
    lab.router.shell.spawn(tree.argv('dbus-daemon', '--system', '--nofork', '--nopidfile'), { label: 'dbus' });
    await waitUntil('the bus', () =>
      lab.router.shell.attempt(['test', '-S', '/run/dbus/system_bus_socket']).then(({ code }) => code === 0),
    );
    networkd = startNetworkd();
  }, 60_000);
  afterEach(async () => lab.stop());

  const startNetworkd = (): LabProcess =>
    lab.router.shell.spawn(tree.argv('/lib/systemd/systemd-networkd'), {
      label: 'networkd',
      env: { SYSTEMD_LOG_LEVEL: 'debug', SYSTEMD_LOG_TARGET: 'console' },
    });
  const follow = (): Promise<LabProcess> =>
    startGuarded(lab, configText().replace(/from: dhcpcd.*?}/, 'from: networkd }'), {
      env: { PATH: `${tree.commands('networkctl')}:${process.env['PATH']}` },
    });
  const delegations = () => readReport(lab)?.uplinks[0]?.delegations ?? [];
  const problems = () => readReport(lab)?.problems.map(({ code }) => code) ?? [];

  test('the delegated prefix is in force, with its lifetime', async () => {
    await follow();
    await waitForMapping(lab, (prefix) => prefix === first);
    const valid = Date.parse(delegations()[0]!.validUntil!) - Date.now();
    expect(valid).toBeGreaterThan(15_000);
    expect(valid).toBeLessThan(25_500);
    expect(problems()).toEqual([]);
  });

  test(
    'another prefix is followed; its restart changes nothing, and a renewal moves the deadline',
    { timeout: 60_000 },
    async () => {
      await follow();
      await waitForMapping(lab, (prefix) => prefix === first);
      await lab.provider.renumber({ site: 2 });
      await waitForMapping(lab, (prefix) => prefix === second, 20_000);

      await networkd.stop();
      await pause(1500);
      expect(currentPrefix(lab)).toBe(second);
      networkd = startNetworkd();
      await pause(3000);
      expect(currentPrefix(lab)).toBe(second);
      expect(problems()).toEqual([]);
      const before = Date.parse(delegations().find(({ current }) => current)!.validUntil!);
      await waitUntil(
        'a later deadline',
        () => Date.parse(delegations().find(({ current }) => current)!.validUntil!) > before + 3000,
      );
    },
  );

  test('doctor: who listens, what its files say, and each of that broken', { timeout: 90_000 }, async () => {
    await follow();
    await waitForMapping(lab, (prefix) => prefix === first);
    await showTree(lab, '/etc/systemd/network');
    const path = tree.commands('networkctl');
    const ask = () => askDoctor(lab, path);
    const well = {
      'dhcp-client:eth0': expect.stringMatching(/^ok: systemd-network listens on eth0/) as unknown,
      'networkd-config:eth0': 'ok: /etc/systemd/network/20-sixgate-eth0.network asks for a prefix on eth0',
      'tool:networkctl': expect.stringMatching(/^ok: networkctl \d/) as unknown,
      'accept-ra:eth0': expect.stringMatching(/^ok/) as unknown,
    };
    // The prefix can be there before the router's advertisement is.
    const allWell = () => expect.poll(ask, { timeout: 15_000, interval: 300 }).toMatchObject(well);
    await allWell();
    const [network] = networkdUplink({ interface: 'eth0' as never, length: 58 });
    const change = async (text: string): Promise<void> => {
      tree.write(network!.path, text);
      await tree.exec('networkctl', 'reload');
    };
    const own = '/etc/systemd/network/20-sixgate-eth0.network';
    await change(network!.text.replace('[DHCPv6]', '[DHCPv6]\nUseDelegatedPrefix=no'));
    await expect
      .poll(async () => (await ask())['networkd-config:eth0'], { timeout: 5000 })
      .toBe(`problem: ${own}: "UseDelegatedPrefix=no" asks for no prefix`);
    await change(network!.text.replace('DHCPv6Client=always', 'DHCPv6Client=yes').replace('DHCP=ipv6', 'DHCP=no'));
    expect((await ask())['networkd-config:eth0']).toMatch(
      /^warning: .* only where a router advertisement has the M flag/,
    );
    tree.write(`${own}.d/sixgate.conf`, '[IPv6AcceptRA]\nDHCPv6Client=always\n');
    expect((await ask())['networkd-config:eth0']).toMatch(/^ok/);
    await tree.exec('rm', '-r', `${own}.d`, own);
    await tree.exec('networkctl', 'reload');
    await expect
      .poll(async () => (await ask())['networkd-config:eth0'], { timeout: 5000 })
      .toMatch(/^problem: systemd-networkd has no \.network file for eth0 \(unmanaged\)/);
    await change(network!.text);
    await allWell();
    await networkd.stop();
    expect(await ask()).toMatchObject({
      'dhcp-client:eth0': 'problem: no DHCPv6 client listens on eth0 (UDP port 546)',
      'networkd-config:eth0': expect.stringMatching(/^unknown/) as unknown,
    });
  });

  test(
    'the line is down, or networkd does not answer: the prefix is held until its lifetime ends',
    { timeout: 90_000 },
    async () => {
      await follow();
      await waitForMapping(lab, (prefix) => prefix === first);
      await lab.exec('provider', ['ip', 'link', 'set', 'wan0', 'down']);
      await pause(2000);
      expect(currentPrefix(lab)).toBe(first);
      await networkd.stop();
      await lab.exec('router', ['ip', 'link', 'set', 'eth0', 'down']);
      await waitUntil('the problem', () => problems().includes('client-missing'));
      expect(currentPrefix(lab)).toBe(first);
      await waitForMapping(lab, (prefix) => prefix === undefined, 30_000);
      expect(problems()).toContain('delegation-missing');
    },
  );
});
