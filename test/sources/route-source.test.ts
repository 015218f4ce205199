import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';

const first = '2001:db8:a:aa80::/58';
const second = '2001:db8:b:bb80::/58';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ name: 'route' });
});
afterEach(async () => lab.stop());

const config = configText().replace(/from: dhcpcd.*?}/, 'from: route }');
const ip = (...args: string[]): Promise<string> => lab.exec('router', ['ip', '-6', ...args]);
const delegations = () => readReport(lab)?.uplinks[0]?.delegations ?? [];

// dhcpcd here is any client: neither its hook nor its socket is used.
test('the unreachable route of a client is followed: it comes, is another one, goes, comes back', async () => {
  await startGuarded(lab, config);
  await lab.router.startDhcpcd();
  await waitForMapping(lab, (prefix) => prefix === first);
  expect(delegations()[0]!.validUntil).toBeNull();
  expect(readReport(lab)!.problems).toEqual([]);

  await lab.provider.renumber({ site: 2 });
  lab.router.renew();
  await waitForMapping(lab, (prefix) => prefix === second);
  await waitUntil('one delegation', () => delegations().length === 1);

  await lab.router.stopDhcpcd();
  await ip('route', 'flush', 'proto', 'dhcp', 'type', 'unreachable');
  await waitUntil('a deadline', () => delegations()[0]?.validUntil !== null);
  const left = Date.parse(delegations()[0]!.validUntil!) - Date.now();
  expect(left).toBeGreaterThan(290_000);
  expect(left).toBeLessThan(300_500);
  expect(currentPrefix(lab)).toBe(second);

  await lab.router.startDhcpcd();
  await waitUntil('no deadline', () => delegations()[0]?.validUntil === null);
  expect(currentPrefix(lab)).toBe(second);
});

test('routes of others are none of its business', async () => {
  await startGuarded(lab, config.replace('from: route', 'from: route, within: "2001:db8:b::/48"'));
  await ip('route', 'add', 'unreachable', '2001:db8:a:aa80::/58', 'proto', 'dhcp');
  await ip('route', 'add', 'unreachable', '2001:db8:b:aa80::/58', 'proto', 'static');
  await ip('route', 'add', 'unreachable', '2001:db8:b:cc80::/58', 'proto', 'dhcp');
  await waitForMapping(lab, (prefix) => prefix === '2001:db8:b:cc80::/58');
  expect(delegations()).toHaveLength(1);
});

test('while the routes cannot be read, nothing is given up', async () => {
  const bin = join(lab.router.shell.directory, 'bin');
  mkdirSync(bin);
  const broken = join(bin, 'broken');
  const script = `#!/bin/sh\nPATH=/usr/sbin:/usr/bin:/sbin:/bin
[ "$3" != -j ] || ! [ -e '${broken}' ] || { echo '[{"dst":'; exit 0; }
exec ip "$@"
`;
  writeFileSync(join(bin, 'ip'), script);
  chmodSync(join(bin, 'ip'), 0o755);
  await startGuarded(lab, config, { env: { PATH: `${bin}:${process.env['PATH']}` } });
  await lab.router.startDhcpcd();
  await waitForMapping(lab, (prefix) => prefix === first);

  writeFileSync(broken, '');
  await lab.router.stopDhcpcd();
  await ip('route', 'flush', 'proto', 'dhcp', 'type', 'unreachable');
  const problems = () => readReport(lab)!.problems.map(({ code }) => code);
  await waitUntil('the problem', () => problems().includes('kernel-unreadable'));
  await pause(500);
  expect(currentPrefix(lab)).toBe(first);
  expect(delegations()[0]!.validUntil).toBeNull();

  rmSync(broken);
  await ip('route', 'add', 'unreachable', second, 'proto', 'dhcp');
  await waitForMapping(lab, (prefix) => prefix === second);
  expect(problems()).toEqual([]);
});
