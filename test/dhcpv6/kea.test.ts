import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Lab, type LabOptions } from '../lab/lab.ts';
import { wanMac } from '../lab/nodes.ts';
import { askSource, startEcho } from '../lab/probes.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { currentPrefix, readReport, startGuarded } from '../translate/following.ts';
import {
  between,
  heldPrefixes,
  keaLeases,
  ownConfig,
  problemCodes,
  startOwnClient,
  storedDuid,
  waitForPrefix,
  waitForProblem,
} from './own-client.ts';

// A conversation with a real server: Kea, on the provider's edge.

let lab: Lab;
afterEach(async () => lab?.stop());

const start = async (options: Partial<LabOptions> = {}): Promise<Lab> =>
  (lab = await Lab.start({ name: 'dhcpv6', ...options }));
const first = '2001:db8:a:aa80::/58';
const nobody = 65534;
const begun = /DHCPv6 client/;
const mapped = /dsl now has/;

describe('a first lease', () => {
  test('with a stored identity: the prefix is in force, packets leave with it and come back', async () => {
    await start();
    const daemon = await startOwnClient(lab);
    expect(currentPrefix(lab)).toBe(first);
    expect(problemCodes(lab)).toEqual([]);
    expect(storedDuid(lab)).toMatch(new RegExp(`^00:01:00:01(:[0-9a-f]{2}){4}:${wanMac}$`));
    expect((await keaLeases(lab)).at(-1)).toMatchObject({ duid: storedDuid(lab), prefix: first });
    await startEcho(lab, 'server');
    for (const protocol of ['udp', 'tcp'] as const) {
      expect(await askSource(lab, 'lan1', { protocol })).toEqual({ source: '2001:db8:a:aa80::10' });
    }
    expect(daemon.log()).not.toContain('refused');
    expect(await lab.exec('router', ['ip', '-6', 'route', 'show', 'type', 'unreachable'])).toContain(first);
  });

  test('stateless: the identity is that of the interface and nothing of it is stored', async () => {
    await start();
    await startOwnClient(lab, ownConfig('stateless: true'));
    expect(storedDuid(lab)).toBeUndefined();
    expect((await keaLeases(lab)).at(-1)).toMatchObject({ duid: `00:03:00:01:${wanMac}`, prefix: first });
  });

  test('with the rights of the service unit, which is not root', async () => {
    await start();
    const paths = lab.router.sixgatePaths();
    const { directory } = lab.router.shell;
    for (const name of ['run', 'state']) chownSync(join(directory, name), nobody, nobody);
    writeFileSync(join(directory, 'config.yaml'), ownConfig());
    const rights = '+net_admin,+net_bind_service,+kill';
    const nobodys = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
    const only = ['--inh-caps', rights, '--ambient-caps', rights, '--bounding-set', `-all,${rights}`];
    const run = [process.execPath, join(repositoryRoot, 'bin/sixgate'), 'run', ...paths];
    lab.router.shell.spawn(['setpriv', ...nobodys, ...only, ...run], { label: 'sixgate' });
    await waitForPrefix(lab, first);
    expect(storedDuid(lab)).toMatch(/^00:01:/);
  });

  test('duplicate address detection first: the client waits for its address and no longer', async () => {
    await start({ dad: true });
    await lab.router.setCarrier(false);
    const daemon = await startGuarded(lab, ownConfig());
    await lab.router.setCarrier(true);
    await waitForPrefix(lab, first);
    const addresses = await lab.exec('router', ['ip', '-6', 'address', 'show', 'dev', 'eth0', 'scope', 'link']);
    expect(addresses).not.toContain('tentative');
    expect(between(daemon, begun, mapped)).toBeLessThan(500);
  });

  test('the DUID and IAID of the configuration', async () => {
    await start();
    await startOwnClient(lab, ownConfig('duid: "00:02:00:00:ab:11:f0:42", iaid: 4711'));
    expect((await keaLeases(lab)).at(-1)?.duid).toBe('00:02:00:00:ab:11:f0:42');
    expect(readReport(lab)!.uplinks[0]!.delegations[0]!.iaid).toBe(4711);
  });

  test('without rapid commit a second is for better offers, unless the first is to do', async () => {
    await start({ rapidCommit: false });
    const slow = await startOwnClient(lab);
    expect(between(slow, begun, mapped)).toBeGreaterThan(950);
    await slow.stop();
    await lab.router.shell.exec(['rm', '-r', `${lab.router.shell.directory}/state`]);
    const quick = await startOwnClient(lab, ownConfig('firstOffer: true'));
    expect(between(quick, begun, mapped)).toBeLessThan(900);
  });

  test('a client that wants no rapid commit gets none from a server that would', async () => {
    await start();
    const daemon = await startOwnClient(lab, ownConfig('rapidCommit: false'));
    expect(between(daemon, begun, mapped)).toBeGreaterThan(950);
  });
});

describe('the lease goes on', () => {
  test('renewed at T1; with the server away, rebound at T2 when it is back', async () => {
    await start({ times: { renew: 2, rebind: 6, preferred: 20, valid: 30 } });
    const daemon = await startOwnClient(lab);
    const until = (): number => Date.parse(readReport(lab)!.uplinks[0]!.delegations[0]!.validUntil!);
    const before = until();
    await waitUntil('a renewal', () => until() > before + 1000);
    await lab.provider.stopKea();
    await sleep(5000);
    const silent = until();
    await lab.provider.startKea();
    await waitUntil('a rebinding', () => until() > silent + 3000, { timeout: 15_000 });
    expect(heldPrefixes(lab)).toEqual([first]);
    expect(daemon.log().match(new RegExp(mapped, 'g'))).toHaveLength(1);
  });

  test('the provider renumbers: another prefix within 300 ms of the router advertisement', async () => {
    await start();
    const daemon = await startOwnClient(lab);
    await waitUntil('the first router advertisement', () => daemon.log().includes('a router announces'));
    await sleep(1100);
    for (const [site, base] of [
      [2, '2001:db8:b:bb80::/58'],
      [3, '2001:db8:c:cc80::/58'],
    ] as const) {
      const { at } = await lab.provider.renumber({ site });
      await waitForPrefix(lab, base);
      const line = daemon
        .log()
        .split('\n')
        .find((text) => text.includes(`now has ${base}`))!;
      expect(Date.parse(line.split(' ')[0]!) - at).toBeLessThan(300);
      expect(heldPrefixes(lab)).toEqual([base]);
      await sleep(1200);
    }
  });

  test('a server that forgot (NoBinding) is asked anew, and what it forgot is given up', async () => {
    await start();
    await startOwnClient(lab);
    await sleep(500);
    await lab.provider.renumber({ site: 2, forget: true });
    await waitForPrefix(lab, '2001:db8:b:bb80::/58');
    expect(heldPrefixes(lab)).toEqual(['2001:db8:b:bb80::/58']);
    expect(problemCodes(lab)).toEqual([]);
  });

  test('the cable is pulled for a moment: the prefix stays and is confirmed', async () => {
    await start({ times: { renew: 900, rebind: 1440, preferred: 1800, valid: 3600 } });
    const daemon = await startOwnClient(lab);
    await lab.exec('provider', ['ip', 'link', 'set', 'wan0', 'down']);
    await sleep(500);
    const before = (await keaLeases(lab)).length;
    await lab.exec('provider', ['ip', 'link', 'set', 'wan0', 'up']);
    await waitUntil('an answer', async () => (await keaLeases(lab)).length > before);
    expect(heldPrefixes(lab)).toEqual([first]);
    expect(daemon.log().match(new RegExp(mapped, 'g'))).toHaveLength(1);
  });

  test('the interface goes down and up: the client waits for its address, and goes on', async () => {
    await start();
    const daemon = await startOwnClient(lab);
    const before = (await keaLeases(lab)).length;
    await lab.router.setCarrier(false);
    await waitUntil('the loss', () => daemon.log().includes('waits for its interface'));
    await lab.router.setCarrier(true);
    await waitUntil('an answer', async () => (await keaLeases(lab)).length > before);
    expect(heldPrefixes(lab)).toEqual([first]);
  });
});

describe('restarts', () => {
  test('the daemon comes back with the same prefix and asks for it', async () => {
    await start();
    const daemon = await startOwnClient(lab);
    const duid = storedDuid(lab);
    const asked = (await keaLeases(lab)).length;
    await daemon.stop();
    const said = daemon.log().length;
    const again = await startGuarded(lab, ownConfig());
    expect(currentPrefix(lab)).toBe(first);
    await waitUntil('a confirmation', async () => (await keaLeases(lab)).length > asked);
    expect((await keaLeases(lab)).every((lease) => lease.duid === duid)).toBe(true);
    expect(again.log().slice(said)).not.toContain('dsl now has');
    expect(readReport(lab)!.activity).toMatchObject({ changes: 0, repairs: 0 });
  });

  test('the provider has renumbered meanwhile', async () => {
    await start();
    const daemon = await startOwnClient(lab);
    await daemon.stop();
    await lab.provider.renumber({ site: 2 });
    await startGuarded(lab, ownConfig());
    await waitForPrefix(lab, '2001:db8:b:bb80::/58');
    expect(heldPrefixes(lab)).toEqual(['2001:db8:b:bb80::/58']);
  });

  test('the prefix is given back only where the configuration says so', async () => {
    await start();
    const keeping = await startOwnClient(lab);
    await keeping.stop();
    expect((await lab.provider.routes()).map(({ prefix }) => prefix)).toEqual([first]);
    const said = keeping.log().length;
    const releasing = await startOwnClient(lab, ownConfig('release: true'));
    await waitUntil('the client', () => begun.test(releasing.log().slice(said)));
    const asked = (await keaLeases(lab)).length;
    releasing.signal('SIGHUP');
    await waitUntil('the reload', () => releasing.log().includes('was read again'));
    await waitUntil('a confirmation', async () => (await keaLeases(lab)).length > asked);
    expect((await lab.provider.routes()).map(({ prefix }) => prefix)).toEqual([first]);
    await releasing.stop();
    expect(await lab.provider.routes()).toEqual([]);
    expect(await lab.exec('router', ['nft', 'list', 'table', 'ip6', 'sixgate'])).not.toContain('2001:db8:a:aa80');
  });
});

test('a provider without a prefix is a problem with its words, and the prefix comes when there is one', async () => {
  await start();
  await lab.provider.configureKea({ delegating: false });
  await startGuarded(lab, ownConfig());
  const { message } = await waitForProblem(lab, 'delegation-denied');
  expect(message).toMatch(/^the DHCPv6 server on eth0 delegates no prefix \(NoPrefixAvail/);
  await lab.provider.configureKea({ delegating: true });
  await waitForPrefix(lab, first, 25_000);
  await waitUntil('no problem', () => problemCodes(lab).length === 0);
});

test('nobody answers: a problem, and the prefix comes with the server', async () => {
  await start();
  await lab.provider.mute(true);
  await startGuarded(lab, ownConfig());
  await waitForProblem(lab, 'server-silent', 15_000);
  await lab.provider.mute(false);
  await waitForPrefix(lab, first, 15_000);
  expect(heldPrefixes(lab)).toEqual([first]);
});

test('eight identity associations of a /64 each: each subnet gets one, and packets leave with it', async () => {
  await start({ length: 64 });
  await startOwnClient(lab, ownConfig('ias: 8', 64).replace('789a::/64', '789a::/58'));
  const [one, two, ...rest] = heldPrefixes(lab);
  expect(rest).toHaveLength(6);
  expect(readReport(lab)!.mappings.map(({ inside, outside }) => `${inside} ${outside}`)).toEqual([
    `fd12:3456:789a::/64 ${one}`,
    `fd12:3456:789a:1::/64 ${two}`,
  ]);
  expect(problemCodes(lab)).toEqual([]);
  await startEcho(lab, 'server');
  const base = (prefix: string | undefined): string => prefix!.replace(/\/64$/, '');
  expect(await askSource(lab, 'lan1')).toEqual({ source: `${base(one)}10` });
  expect(await askSource(lab, 'lan2')).toEqual({ source: `${base(two)}10` });
});

test('two routers with one MAC address are one client without anything copied: the other one gets the same prefix', async () => {
  await start({ secondRouter: true });
  await startOwnClient(lab, ownConfig('stateless: true'));
  expect(heldPrefixes(lab)).toEqual([first]);
  process.kill(readReport(lab)!.daemon.pid, 'SIGKILL');
  await lab.router.setActive(false);
  const second = lab.router2!;
  await second.setActive(true);
  const daemon = second.startSixgate(ownConfig('stateless: true'));
  await waitUntil('the mapping on the second router', () => mapped.test(daemon.log()));
  expect(daemon.log()).toContain(`now has ${first}`);
  expect((await keaLeases(lab)).at(-1)).toMatchObject({ duid: `00:03:00:01:${wanMac}`, prefix: first });
});

test('an uplink that says nothing of a prefix: the client of our own asks, and check says so', async () => {
  await start();
  await startOwnClient(lab, ownConfig().replace(/\n *prefix: \{ from: dhcpv6.*/, ''));
  expect(heldPrefixes(lab)).toEqual([first]);
  const { stdout, stderr } = await lab.router.sixgate('check');
  expect(stdout).toMatch(/dsl +eth0 +delegated, to sixgate itself/);
  expect(stderr).toBe('');
});

test('a prefix of which a part stays with the provider (RFC 6603)', async () => {
  await start({ length: 57 });
  await lab.provider.configureKea({ excluded: '2001:db8:a:aa81::/64' });
  await startOwnClient(lab, ownConfig('', 57).replace('789a::/58', '789a::/57'));
  const outside = readReport(lab)!.mappings.map(({ inside, outside }) => `${inside} ${outside}`);
  expect(outside).toEqual(['fd12:3456:789a::/64 2001:db8:a:aa80::/64', 'fd12:3456:789a:1::/64 2001:db8:a:aa82::/64']);
});

describe('another client on the same interface', () => {
  test('is named, and when it goes the own client begins', async () => {
    await start();
    await lab.router.startDhcpcd();
    await lab.router.waitForPrefix();
    await startGuarded(lab, ownConfig('stateless: true'));
    const { message, mend } = await waitForProblem(lab, 'port-taken');
    expect(mend).toMatch(/^Use it: write "prefix: \{ from: dhcpcd \}" for this uplink/);
    expect((await lab.router.sixgate('check')).stderr).toMatch(
      /^dhcpcd \(process \d+\) is a DHCPv6 client on eth0, so sixgate's own gets no answers\n {2}Use it: write/m,
    );
    expect(message).toMatch(/^dhcpcd \(process \d+\) has UDP port 546 on eth0, so the DHCPv6 client gets no answers$/);
    await lab.router.stopDhcpcd();
    await waitForPrefix(lab, first);
    await waitUntil('no problem', () => problemCodes(lab).length === 0);
  });

  test('doctor knows the client of our own from others', async () => {
    await start();
    await startOwnClient(lab);
    const { stdout } = await lab.router.sixgate('doctor');
    expect(stdout).toMatch(/sixgate's DHCPv6 client listens on eth0 \(process \d+\)/);
  });
});
