import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { startEcho, startFlows } from '../lab/probes.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startFollowing, startGuarded, waitForMapping } from './following.ts';

let lab: Lab;
afterEach(async () => lab.stop());

const long = { valid: 7200, preferred: 3600, renew: 1800, rebind: 2880 };
const kinds = ['udp-long', 'udp-new', 'tcp-long', 'tcp-new', 'icmp-long'] as const;

async function expectNoLoss(work: () => Promise<void>): Promise<void> {
  await startEcho(lab, 'server');
  const flows = await startFlows(lab, 'lan1');
  await sleep(300);
  await work();
  await sleep(200);
  const report = await flows.stop();
  for (const kind of kinds)
    expect({ kind, lost: report[kind].lost, sent: report[kind].sent > 10 }).toEqual({ kind, lost: 0, sent: true });
  expect(report['tcp-long'].connections).toBe(1);
  expect((await lab.provider.counters()).inside).toBe(0);
}

describe('a restart breaks no flow', () => {
  test('stopped and started again', async () => {
    lab = await Lab.start({ name: 'life', times: long });
    const daemon = await startFollowing(lab);
    await expectNoLoss(async () => {
      await daemon.stop();
      await sleep(300);
      await startGuarded(lab);
      expect(currentPrefix(lab)).toBe('2001:db8:a:aa80::/58');
    });
    expect(readReport(lab)!.activity).toMatchObject({ changes: 0, repairs: 0 });
  });

  test('killed and started again', async () => {
    lab = await Lab.start({ name: 'life', times: long });
    await startFollowing(lab);
    await expectNoLoss(async () => {
      process.kill(readReport(lab)!.daemon.pid, 'SIGKILL');
      await sleep(300);
      await startGuarded(lab);
    });
  });
});

test('at boot the last known delegation is in force before the client answers; one that ended meanwhile is not', async () => {
  lab = await Lab.start({ name: 'life', times: { valid: 6, preferred: 5, renew: 3, rebind: 4 } });
  const daemon = await startFollowing(lab);
  await lab.router.stopDhcpcd();
  await daemon.stop();
  await lab.exec('router', ['nft', 'flush ruleset']);
  const again = await startGuarded(lab);
  expect(currentPrefix(lab)).toBe('2001:db8:a:aa80::/58');
  await again.stop();
  await lab.exec('router', ['nft', 'flush ruleset']);
  await sleep(6000);
  await startGuarded(lab);
  expect(currentPrefix(lab)).toBeUndefined();
});

test('the history of prefixes survives restarts', async () => {
  lab = await Lab.start({ name: 'life', times: long });
  const daemon = await startFollowing(lab);
  await lab.provider.renumber({ site: 2 });
  await waitForMapping(lab, (prefix) => prefix === '2001:db8:b:bb80::/58');
  await daemon.stop();
  await startGuarded(lab);
  expect(readReport(lab)!.history).toMatchObject([
    { uplink: 'dsl', prefix: '2001:db8:a:aa80::/58', until: expect.any(String) as string },
    { uplink: 'dsl', prefix: '2001:db8:b:bb80::/58', until: null },
  ]);
});

test('renewals with the same prefix: no kernel change, no process but the look at the counters, nothing lost', async () => {
  lab = await Lab.start({ name: 'life', times: long });
  const { directory } = lab.router.shell;
  const tools = join(directory, 'counted-tools');
  mkdirSync(tools);
  for (const tool of ['nft', 'ip', 'conntrack', 'setpriv', 'sh']) {
    writeFileSync(
      join(tools, tool),
      `#!/bin/sh\necho ${tool} "$@" >> ${directory}/started\nPATH=\${PATH#*:} exec ${tool} "$@"\n`,
    );
    chmodSync(join(tools, tool), 0o755);
  }
  writeFileSync(join(directory, 'config.yaml'), configText());
  const argv = [join(repositoryRoot, 'bin/sixgate'), 'run', ...lab.router.sixgatePaths()];
  lab.router.shell.spawn(['env', `PATH=${tools}:${process.env['PATH']}`, ...argv], { label: 'sixgate' });
  await waitUntil('the held guard', () => readReport(lab)?.daemon.guardHeld === true);
  await lab.router.startDhcpcd();
  await waitForMapping(lab, (prefix) => prefix !== undefined);
  await sleep(2000); // a second after its monitors began, the daemon looks whether they missed anything
  const started = (): string[] => readFileSync(join(directory, 'started'), 'utf8').trim().split('\n');
  expect(started().some((line) => line.startsWith('nft -f'))).toBe(true);
  const before = started().length;
  const monitor: string[] = [];
  lab.spawn('router', ['nft', 'monitor'], { label: 'monitor', onLine: (line) => monitor.push(line) });
  await sleep(200);
  const until = (): string | null | undefined => readReport(lab)!.uplinks[0]!.delegations[0]!.validUntil;
  await expectNoLoss(async () => {
    for (let count = 0; count < 15; count++) {
      const last = until();
      await sleep(550); // the same report within half a second is no news
      lab.router.renew();
      const late = setInterval(() => lab.router.renew(), 1000); // dhcpcd loses a signal that comes while its hook runs
      await waitUntil('the renewal to arrive', () => until() !== last, { interval: 5 }).finally(() =>
        clearInterval(late),
      );
    }
  });
  // Counters are read every few seconds, whatever happens.
  const renewing = started()
    .slice(before)
    .filter((line) => !/^nft -t list table (inet|ip6) sixgate/.test(line));
  expect(renewing).toEqual([]);
  expect(monitor).toEqual([]);
});

test('carrier lost for three seconds, the same prefix afterwards: the mapping stays and long flows go on', async () => {
  lab = await Lab.start({ name: 'life', times: long });
  await startFollowing(lab);
  await startEcho(lab, 'server');
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'tcp-long', 'icmp-long'] });
  await sleep(300);
  await lab.router.setCarrier(false);
  await sleep(3000);
  expect(currentPrefix(lab)).toBe('2001:db8:a:aa80::/58');
  await lab.router.setCarrier(true);
  await sleep(3000);
  const report = await flows.stop();
  expect(report['udp-long'].outages.at(-1)).toMatchObject({ open: false });
  expect(report['icmp-long'].outages.at(-1)).toMatchObject({ open: false });
  expect(report['tcp-long'].connections).toBe(1);
  expect(readReport(lab)!.activity.changes).toBe(2);
  expect((await lab.provider.counters()).inside).toBe(0);
});

test('without the permission, or without nft, it ends at once and says why', async () => {
  lab = await Lab.start({ name: 'life' });
  writeFileSync(join(lab.router.shell.directory, 'config.yaml'), configText());
  const argv = [process.execPath, join(repositoryRoot, 'bin/sixgate'), 'run', ...lab.router.sixgatePaths()];
  const weak = await lab.router.shell.attempt([
    'setpriv',
    '--bounding-set=-net_admin',
    '--inh-caps=-net_admin',
    ...argv,
  ]);
  expect(weak).toMatchObject({ code: 77 });
  expect(weak.stderr).toContain('not permitted');
  const bare = await lab.router.shell.attempt(['env', 'PATH=/nowhere', ...argv]);
  expect(bare).toMatchObject({ code: 69 });
  expect(bare.stderr).toContain('nft is not installed');
});

test('a second daemon on the same directories is refused and disturbs nothing', async () => {
  lab = await Lab.start({ name: 'life' });
  const first = await startGuarded(lab);
  const second = await lab.router.sixgate('run');
  expect(second).toMatchObject({ code: 75 });
  expect(second.stderr).toContain('another sixgate is running');
  expect(readReport(lab)!.daemon.pid).toBe(first.pid);
});

test('SIGHUP with a wrong configuration: the one in force stays, and status says what is wrong', async () => {
  lab = await Lab.start({ name: 'life' });
  const daemon = await startFollowing(lab);
  writeFileSync(
    join(lab.router.shell.directory, 'config.yaml'),
    configText().replace('interface: eth0', 'interfaze: eth0'),
  );
  daemon.signal('SIGHUP');
  await waitUntil('the problem', () => readReport(lab)!.problems.length > 0);
  expect(readReport(lab)).toMatchObject({
    problems: [{ code: 'config-key-unknown' }],
    mappings: [{ outside: '2001:db8:a:aa80::/58' }],
  });
  writeFileSync(join(lab.router.shell.directory, 'config.yaml'), configText());
  daemon.signal('SIGHUP');
  await waitUntil('no problem', () => readReport(lab)!.problems.length === 0);
});

test('an interface that is not there is a problem, not a crash; it works when it comes', async () => {
  lab = await Lab.start({ name: 'life' });
  await startGuarded(lab, configText().replace('interface: eth2', 'interface: later0'));
  expect(readReport(lab)!.problems.map(({ code }) => code)).toContain('interface-missing');
  await lab.exec('router', ['ip', 'link', 'add', 'later0', 'type', 'veth', 'peer', 'name', 'later1']);
  await waitUntil(
    'the problem to end',
    () => !readReport(lab)!.problems.some(({ code }) => code === 'interface-missing'),
  );
});

test('idle it does not wake up, and it is small', async () => {
  lab = await Lab.start({ name: 'life', times: long });
  const daemon = await startFollowing(lab);
  await lab.provider.stopAdvertising();
  await sleep(11_500); // the client is asked again for ten seconds after a router was first heard
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))![1]);
  const before = read('voluntary_ctxt_switches');
  await sleep(3000);
  expect(read('voluntary_ctxt_switches') - before).toBeLessThanOrEqual(1);
  expect(read('VmRSS')).toBeLessThan(80 * 1024);
});

test('told to end together with all that it started, as by "systemctl stop", it complains of none', async () => {
  lab = await Lab.start({ name: 'life', times: long });
  const daemon = await startFollowing(lab);
  const said = daemon.log().length;
  const listed = await lab.router.shell.exec(['ps', '-o', 'pid=', '--ppid', String(daemon.pid)]);
  // Itself first, as systemd does.
  daemon.signal('SIGTERM');
  for (const pid of listed.trim().split(/\s+/)) {
    try {
      process.kill(Number(pid), 'SIGTERM');
    } catch {
      // gone already
    }
  }
  expect(await daemon.exited).toEqual({ code: 0, signal: null });
  expect(daemon.log().slice(said)).toMatch(/^\S+ ended by SIGTERM\n$/);
});

test('it tells systemd that it is ready and how it is, and feeds the watchdog', async () => {
  lab = await Lab.start({ name: 'life', times: long });
  const { directory } = lab.router.shell;
  lab.router.shell.spawn(['socat', '-u', `UNIX-RECV:${directory}/notify`, `CREATE:${directory}/heard`], {
    label: 'notify',
  });
  const heard = (): string => (existsSync(`${directory}/heard`) ? readFileSync(`${directory}/heard`, 'utf8') : '');
  await waitUntil('the socket', () => existsSync(`${directory}/notify`));
  writeFileSync(join(directory, 'config.yaml'), configText());
  const argv = [join(repositoryRoot, 'bin/sixgate'), 'run', ...lab.router.sixgatePaths()];
  const environment = [`NOTIFY_SOCKET=${directory}/notify`, 'WATCHDOG_USEC=1000000'];
  const daemon = lab.router.shell.spawn(['env', ...environment, ...argv], { label: 'sixgate' });
  await expect.poll(heard, { timeout: 10_000 }).toContain('READY=1');
  await expect.poll(heard, { timeout: 5000 }).toMatch(/WATCHDOG=1.*WATCHDOG=1/s);
  await lab.router.startDhcpcd();
  await expect.poll(heard, { timeout: 5000 }).toMatch(/STATUS=.*2001:db8:a:aa80::\/58/);
  await daemon.stop();
  await expect.poll(heard, { timeout: 5000 }).toContain('STOPPING=1');
});
