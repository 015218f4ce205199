import { afterEach, beforeEach, expect, test } from 'vitest';
import { debianTree } from '../lab/debian-tree.ts';
import { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';
import { mountTree } from './tree-on-router.ts';

const wide = debianTree('bookworm', 'wide', ['wide-dhcpv6-client']);

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ name: 'address' });
});
afterEach(async () => lab.stop());

const config = (prefix: string): string => configText().replace(/\{ from: dhcpcd.*?}/, prefix);
const ip = (...args: string[]): Promise<string> => lab.exec('router', ['ip', '-6', ...args]);
const delegations = () => readReport(lab)?.uplinks[0]?.delegations ?? [];

test('the /64 of the uplink’s own address: announced, announced anew, gone', { timeout: 60_000 }, async () => {
  const { shell } = lab.router;
  await waitUntil('the address', async () => (await shell.exec(['ip', '-6', 'address'])).includes('2001:db8:a:aa00:'));
  await startGuarded(lab, config('{ from: address }'));
  await waitUntil('the prefix', () => delegations().length === 1);
  expect(delegations()[0]!.prefix).toBe('2001:db8:a:aa00::/64');
  const left = (Date.parse(delegations()[0]!.validUntil!) - Date.now()) / 1000;
  expect(left).toBeGreaterThan(7000);
  expect(left).toBeLessThan(7201);
  // One /64 has room for one subnet.
  expect(readReport(lab)!.mappings.map(({ subnet, outside }) => `${subnet} ${outside}`)).toEqual([
    'lan 2001:db8:a:aa00::/64',
  ]);

  await lab.provider.renumber({ site: 2 });
  await waitForMapping(lab, (prefix) => prefix === '2001:db8:b:bb00::/64');

  await lab.provider.stopAdvertising();
  await ip('address', 'flush', 'dev', 'eth0', 'scope', 'global');
  await waitUntil('the problem', () =>
    readReport(lab)!.problems.some(({ message }) => message.includes('no global address')),
  );
  expect(currentPrefix(lab)).toBe('2001:db8:b:bb00::/64');
  await waitUntil('a near deadline', () => {
    const end = Math.max(...delegations().map(({ validUntil }) => Date.parse(validUntil!)));
    return end - Date.now() < 300_500;
  });
  expect(currentPrefix(lab)).toBe('2001:db8:b:bb00::/64');
});

test('the mirror has wide-dhcpv6', () => {
  expect(wide).toBeDefined();
});

test.skipIf(wide === undefined)(
  'wide-dhcpv6, by the address that it gives an interface',
  { timeout: 60_000 },
  async () => {
    const tree = await mountTree(lab, wide!);
    await ip('link', 'add', 'pd0', 'type', 'veth', 'peer', 'name', 'pd1');
    for (const name of ['lo', 'pd0', 'pd1']) await ip('link', 'set', name, 'up');
    tree.write(
      '/run/dhcp6c.conf',
      `interface eth0 { send ia-pd 0; };
id-assoc pd 0 { prefix-interface pd0 { sla-id 0; sla-len 6; ifid 1; }; };
`,
    );
    await lab.router.shell.exec(['mkdir', '-p', '/run/tree/root/var/lib/dhcpv6']);
    await startGuarded(lab, config('{ from: address, of: pd0, length: 58 }'));
    const client = lab.router.shell.spawn(
      tree.argv('/usr/sbin/dhcp6c', '-f', '-c', '/run/dhcp6c.conf', '-p', '/run/dhcp6c.pid', 'eth0'),
      { label: 'dhcp6c' },
    );
    await waitForMapping(lab, (prefix) => prefix === '2001:db8:a:aa80::/58', 20_000).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${client.log()}`);
    });
    expect(readReport(lab)!.mappings).toHaveLength(1);
  },
);
