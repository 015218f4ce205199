import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { debianTree } from '../lab/debian-tree.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { askSource, startEcho } from '../lab/probes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';
import { askDoctor } from './ask-doctor.ts';
import { prepareNetworkManager, startNetworkManager } from './networkmanager.ts';
import { mountTree, type TreeOnRouter } from './tree-on-router.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';

const releases = (['bookworm', 'trixie'] as const).map((release) => ({
  release,
  root: debianTree(release, 'networkmanager', ['network-manager', 'dbus']),
}));

test('the mirror has both', () => {
  expect(releases.filter(({ root }) => root === undefined)).toEqual([]);
});

describe.each(releases.filter(({ root }) => root !== undefined))('NetworkManager of $release', ({ release, root }) => {
  let lab: Lab;
  let tree: TreeOnRouter;
  let networkManager: LabProcess;

  beforeEach(async () => {
    lab = await Lab.start({ name: 'nm', times: { preferred: 20, valid: 25, renew: 6, rebind: 16 } });
    tree = await mountTree(lab, root!);
  }, 60_000);
  afterEach(async () => lab.stop());

  const follow = (prefix: string): Promise<LabProcess> =>
    startGuarded(lab, configText().replace(/prefix: \{ from: dhcpcd.*?}/, prefix), {
      env: { PATH: `${tree.commands('nmcli')}:${process.env['PATH']}` },
    });
  const delegations = () => readReport(lab)?.uplinks[0]?.delegations ?? [];
  const problems = () => readReport(lab)?.problems ?? [];
  const deadline = (): number => Date.parse(delegations().find(({ current }) => current)?.validUntil ?? '');

  test(
    'its own client: the prefix with its lifetime, another one, a restart, and silence',
    { timeout: 90_000 },
    async () => {
      await prepareNetworkManager(lab, tree);
      networkManager = startNetworkManager(lab, tree);
      await follow('prefix: { from: networkmanager, of: pd0, length: 58 }');
      await waitForMapping(lab, (prefix) => prefix === first, 20_000);
      expect(deadline() - Date.now()).toBeLessThan(26_000);
      expect(deadline() - Date.now()).toBeGreaterThan(10_000);
      await waitUntil('no problem', () => problems().length === 0);

      const before = deadline();
      await waitUntil('a renewal', () => deadline() > before + 3000);
      await lab.provider.renumber({ site: 2 });
      await waitForMapping(lab, (prefix) => prefix === second, 20_000);
      await waitUntil('one delegation', () => delegations().length === 1);

      await networkManager.stop();
      await lab.exec('router', ['ip', '-6', 'address', 'flush', 'dev', 'pd0', 'scope', 'global']);
      await waitUntil('the problem', () => problems().some(({ code }) => code === 'client-missing'));
      expect(currentPrefix(lab)).toBe(second);
      networkManager = startNetworkManager(lab, tree);
      const at = deadline();
      await waitUntil('a later deadline', () => deadline() > at + 3000, { timeout: 20_000 });
      expect(currentPrefix(lab)).toBe(second);
      await waitUntil('no problem', () => problems().length === 0);

      await networkManager.stop();
      await pause(1000);
      expect(currentPrefix(lab)).toBe(second);
      await waitForMapping(lab, (prefix) => prefix === undefined, 30_000);
    },
  );

  test('it asks for nothing where no connection shares a prefix: a problem that says so', async () => {
    await prepareNetworkManager(lab, tree, { shared: false });
    networkManager = startNetworkManager(lab, tree);
    await follow('prefix: { from: networkmanager }');
    await waitUntil('the problem', () =>
      problems().some(({ message }) => message === 'NetworkManager names no delegated prefix for eth0'),
    );
    const { mend } = problems().find(({ code }) => code === 'client-missing')!;
    expect(mend).toMatch(/ipv6\.method=shared.*1\.42 never names it/);
    expect(currentPrefix(lab)).toBeUndefined();
  });

  test('doctor: who listens, who manages the link, and each of that broken', { timeout: 60_000 }, async () => {
    await prepareNetworkManager(lab, tree);
    networkManager = startNetworkManager(lab, tree);
    await follow('prefix: { from: networkmanager, of: pd0, length: 58 }');
    await waitForMapping(lab, (prefix) => prefix === first, 20_000);
    const ask = () => askDoctor(lab, tree.commands('nmcli'));
    const named = release === 'trixie' ? `was delegated ${first} on eth0` : `numbers pd0 out of ${first}`;
    const well = {
      'dhcp-client:eth0': expect.stringMatching(/^ok: NetworkManager listens on eth0/) as unknown,
      'networkmanager:eth0': `ok: NetworkManager ${named}`,
      'accept-ra:eth0': 'ok: networkmanager hears router advertisements on eth0',
      'tool:nmcli': expect.stringMatching(/^ok: nmcli 1\./) as unknown,
    };
    expect(await ask()).toMatchObject(well);
    await tree.exec('nmcli', 'device', 'set', 'eth0', 'managed', 'no');
    await expect.poll(ask, { timeout: 5000 }).toMatchObject({
      'networkmanager:eth0': 'problem: NetworkManager does not manage eth0',
      'dhcp-client:eth0': 'problem: no DHCPv6 client listens on eth0 (UDP port 546)',
    });
    await networkManager.stop();
    expect((await ask())['networkmanager:eth0']).toMatch(/^unknown/);
    // As at the next boot.
    await lab.exec('router', ['rm', '-r', '/run/NetworkManager/devices']);
    for (const link of ['eth0', 'pd0']) await lab.exec('router', ['ip', 'link', 'set', link, 'down']);
    networkManager = startNetworkManager(lab, tree);
    await expect.poll(ask, { timeout: 20_000 }).toMatchObject(well);
  });

  test.runIf(release === 'trixie')('the size that was delegated counts where NetworkManager names it', async () => {
    await lab.provider.configureKea({ length: 60 });
    await prepareNetworkManager(lab, tree);
    networkManager = startNetworkManager(lab, tree);
    await follow('prefix: { from: networkmanager }');
    await expect.poll(() => delegations()[0]?.prefix, { timeout: 20_000 }).toBe('2001:db8:a:aa80::/60');
  });

  test(
    'it manages the link and the client of our own asks: it holds the port, the mend frees it, and the way out stays',
    { timeout: 60_000 },
    async () => {
      await prepareNetworkManager(lab, tree, { shared: false });
      networkManager = startNetworkManager(lab, tree);
      await waitUntil('its client', async () =>
        (await lab.exec('router', ['ss', '-Hulnp', 'sport = 546'])).includes('NetworkManager'),
      );
      const daemon = await follow('');
      const taken = await waitUntil('the problem', () => problems().find(({ code }) => code === 'port-taken'));
      expect(taken.message).toMatch(/^NetworkManager \(process \d+\) has UDP port 546 on eth0/);
      expect(taken.mend).toMatch(/^nmcli connection modify/);
      const path = `PATH=${tree.commands('nmcli')}:$PATH`;
      await lab.exec('router', ['sh', '-c', `${path}; ${taken.mend!}`]);
      await waitForMapping(lab, (prefix) => prefix === first, 15_000).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${daemon.log()}\n${networkManager.log().slice(-3000)}`);
      });
      await waitUntil('no problem', () => problems().length === 0);
      await startEcho(lab, 'server');
      await waitUntil('the way out', async () => (await askSource(lab, 'lan1')).source === '2001:db8:a:aa80::10', {
        timeout: 15_000,
      });
      await lab.provider.renumber({ site: 2 });
      await waitForMapping(lab, (prefix) => prefix === second, 3000);
    },
  );
});
