import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { Lab, type LabOptions } from './lab.ts';
import { repositoryRoot } from './repository.ts';
import { siteOf } from './site.ts';
import { askSource, startEcho, startFlows, startStream } from './probes.ts';
import { startSaying } from './saying.ts';
import { startWireClock } from './wire-clock.ts';

let lab: Lab | undefined;

async function startLab(options: Partial<LabOptions> = {}): Promise<Lab> {
  lab = await Lab.start({ name: 'selftest', ...options });
  return lab;
}

afterEach(async () => {
  await lab?.stop();
  lab = undefined;
});

describe('the lab', () => {
  it('delegates a prefix to dhcpcd and routes it to the router', async () => {
    const { router, provider } = await startLab();
    await router.startDhcpcd();
    expect(await router.waitForPrefix()).toBe('2001:db8:a:aa80::/58');
    expect(await provider.routes()).toEqual([{ prefix: '2001:db8:a:aa80::/58', via: 'fe80::ff:fe00:aa01' }]);
  });

  it('moves to another prefix: the old one is dead, the router hears of the new link and of the new prefix', async () => {
    const { router, provider, exec } = await startLabWithClient();
    await provider.renumber({ site: 2 });
    await expect.poll(() => exec('ip -6 addr show dev eth0 scope global')).toMatch(/2001:db8:b:bb00:.*mngtmpaddr/);
    expect(await router.delegatedPrefixes()).toEqual(['2001:db8:a:aa80::/58']);
    router.renew();
    expect(await router.waitForPrefix((prefix) => prefix.startsWith('2001:db8:b:'))).toBe('2001:db8:b:bb80::/58');
    await expect
      .poll(async () => (await provider.routes()).map(({ prefix }) => prefix))
      .toEqual(['2001:db8:b:bb80::/58']);
  });

  it('hands out what it is told to: another length, other lifetimes, two prefixes', async () => {
    const { router, provider } = await startLab({
      length: 60,
      times: { valid: 100, preferred: 50, renew: 20, rebind: 40 },
    });
    const clock = await startWireClock(lab!, { site: siteOf(1) });
    await provider.configureKea({ sites: [siteOf(1), siteOf(2)] });
    await router.startDhcpcd({ iaids: [1, 2] });
    await router.waitForPrefix();
    await expect.poll(() => clock.replies.length).toBe(1);
    const prefixes = clock.replies[0]?.prefixes ?? [];
    expect(prefixes).toHaveLength(2);
    for (const prefix of prefixes) expect(prefix).toMatchObject({ preferred: 50, valid: 100 });
    expect(prefixes.every(({ prefix }) => prefix.endsWith('/60'))).toBe(true);
  });

  it('gives nothing while it has no pool or is mute, and gives again afterwards', async () => {
    const { router, provider } = await startLab();
    await provider.configureKea({ delegating: false });
    await router.startDhcpcd();
    await expect.poll(() => router.dhcpcd.log(), { timeout: 5000 }).toMatch(/no (.*prefix|address)/i);
    expect(await router.delegatedPrefixes()).toEqual([]);
    await router.stopDhcpcd();
    await provider.configureKea({ delegating: true });
    await provider.mute(true);
    await router.startDhcpcd();
    await expect(router.waitForPrefix(() => true, 1500)).rejects.toThrow('not within 1500 ms');
    await provider.mute(false);
    expect(await router.waitForPrefix()).toBe('2001:db8:a:aa80::/58');
  });

  it('says what Kea would not: a deprecated prefix beside the new one, in the order asked for, and a status', async () => {
    const { router } = await startLab();
    const clock = await startWireClock(lab!, { site: siteOf(2) });
    const prefixes = [
      { prefix: '2001:db8:a:aa80::/58', preferred: 0, valid: 600 },
      { prefix: '2001:db8:b:bb80::/58', preferred: 1800, valid: 3600 },
    ];
    const saying = await startSaying(lab!, { prefixes });
    await router.startDhcpcd();
    await router.waitForPrefix((prefix) => prefix === '2001:db8:b:bb80::/58');
    expect(clock.replies[0]?.prefixes).toEqual(prefixes);
    expect((await router.delegatedPrefixes()).toSorted()).toEqual(prefixes.map(({ prefix }) => prefix));
    await saying.stop();
    await startSaying(lab!, { prefixes: [], status: 3 });
    router.renew();
    await expect.poll(() => clock.replies.at(-1)?.prefixes).toEqual([]);
  });

  it('counts untranslated packets on the WAN: every one of a router without rules', async () => {
    const { router, provider } = await startLabWithClient();
    const stream = await startStream(lab!, 'lan1', { rate: 1000 });
    await expect.poll(async () => (await provider.counters()).inside).toBeGreaterThan(100);
    const { sent } = await stream.stop();
    await expect.poll(async () => (await provider.counters()).inside).toBe(sent);
    expect((await provider.counters()).translated).toBe(0);
    expect(router.dhcpcd.running()).toBe(true);
  });

  it('runs the baseline and measures what a change does to each kind of flow', async () => {
    const { router, provider } = await startLab();
    await Promise.all([startEcho(lab!, 'server'), startEcho(lab!, 'lan2'), startEcho(lab!, 'lan1b')]);
    await router.startBaseline();
    await router.waitForBaseline(await router.waitForPrefix());
    expect(await askSource(lab!, 'lan1')).toEqual({ source: '2001:db8:a:aa80::10' });
    expect(await askSource(lab!, 'lan2', { protocol: 'tcp' })).toEqual({ source: '2001:db8:a:aa81::10' });
    expect(await askSource(lab!, 'lan1', { target: '2001:db8:a:aa81::10' })).toEqual({ source: '2001:db8:a:aa80::10' });
    expect(await askSource(lab!, 'lan1', { target: '2001:db8:a:aa80::11' })).toEqual({ source: '2001:db8:a:aa80::10' });

    const flows = await startFlows(lab!, 'lan1');
    await expect.poll(async () => (await provider.counters()).translated).toBeGreaterThan(100);
    const clock = await startWireClock(lab!, { site: siteOf(2) });
    await provider.renumber({ site: 2 });
    router.renew();
    const { ms } = await clock.untilInForce();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const report = await flows.stop();

    expect(ms).toBeGreaterThan(5);
    expect(ms).toBeLessThan(1000);
    expect(report['udp-new'].sources.map(({ address }) => address)).toEqual([
      '2001:db8:a:aa80::10',
      '2001:db8:b:bb80::10',
    ]);
    expect(report['udp-new'].outages.at(0)?.open).toBe(false);
    // What the baseline is known for: the long flows keep the dead prefix.
    for (const flow of ['udp-long', 'tcp-long', 'icmp-long'] as const) {
      expect(report[flow].outages.at(-1)).toMatchObject({ open: true });
    }
    expect((await provider.counters()).wrong).toBeGreaterThan(0);
  });

  it('comes up and goes down twice in a row and leaves nothing', async () => {
    const before = traces();
    for (let round = 0; round < 2; round++) {
      const { router } = await startLabWithClient();
      expect(router.dhcpcd.running()).toBe(true);
      await lab!.stop();
      expect(traces()).toEqual(before);
    }
  });

  it('runs two side by side, and refuses a name that is in use', async () => {
    await startLabWithClient();
    const second = await Lab.start({ name: 'selftest2' });
    try {
      await second.router.startDhcpcd();
      expect(await second.router.waitForPrefix()).toBe('2001:db8:a:aa80::/58');
      await expect(Lab.start({ name: 'selftest2' })).rejects.toThrow('in use by process');
    } finally {
      await second.stop();
    }
  });

  it('cleans up after its user was killed', async () => {
    const before = traces();
    const directory = mkdtempSync(join(tmpdir(), 'sixgate-crash-'));
    const program = join(repositoryRoot, 'build/lab/crash.mjs');
    const contents = `import { Lab } from './lab.ts';
      const lab = await Lab.start({ name: 'selftest' });
      await lab.router.startDhcpcd();
      await lab.router.waitForPrefix();
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const stdin = { contents, resolveDir: join(repositoryRoot, 'test/lab'), loader: 'ts' as const };
    buildSync({ stdin, outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
    const crashing = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => crashing.stdout.once('data', resolve));
    crashing.kill('SIGKILL');
    await new Promise((resolve) => crashing.once('close', resolve));
    expect(traces()).not.toEqual(before);

    const { router } = await startLabWithClient();
    expect(router.dhcpcd.running()).toBe(true);
    await lab!.stop();
    expect(traces()).toEqual(before);
    rmSync(directory, { recursive: true });
    rmSync(program);
  });
});

async function startLabWithClient() {
  const { router, provider } = await startLab();
  await router.startDhcpcd();
  await router.waitForPrefix();
  return { router, provider, exec: (line: string) => router.shell.exec(line.split(' ')) };
}

/** What a lab of this test leaves where it leaves something: namespaces, mounts, processes. */
function traces(): object {
  const namespaces = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return {
    namespaces: namespaces.split('\n').filter((line) => line.startsWith('sg-selftest-')),
    mounts: execFileSync('mount', { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('sg-selftest-')),
    processes: execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('sixgate-lab/selftest/') && !/^\s*\d+ Z/.test(line)),
    files: readdirSync(tmpdir()).includes('sixgate-lab')
      ? readdirSync('/tmp/sixgate-lab').filter((name) => name === 'selftest')
      : [],
  };
}
