import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { insideAddress, serverAddress } from '../lab/nodes.ts';
import { startStream } from '../lab/probes.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { startSaying } from '../lab/saying.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, readReport, startFollowing, waitForMapping } from '../translate/following.ts';
import { startCapture } from '../translate/wire.ts';
import { startPeers } from '../translate/peers.ts';

// A delegation's life with `mode: rfc6296`.

let lab: Lab;
afterEach(async () => lab?.stop());

const translation = 'mode: rfc6296, allow: [{ to: "lan::10", udp: [443], tcp: [443] }]';

test('a change with notice: old and new both work inbound until the old one ends, outbound takes the new one at once', async () => {
  lab = await Lab.start({ name: 'sixlife' });
  const [, peers] = await Promise.all([
    startFollowing(lab, configText({ translation })),
    startPeers(lab, ['server', 'lan1', 'lan2']),
  ]);
  await Promise.all([peers.lan1.listen('udp', 443), peers.server.listen('udp', 443)]);
  const ask = async () => (await peers.lan1.ask({ protocol: 'udp', target: serverAddress, port: 443 })).source;
  const before = (await ask())!;
  expect(before).toMatch(/^2001:db8:a:aa80:/);
  const flow = await peers.lan1.open({ protocol: 'udp', target: serverAddress, port: 443 });
  const { port } = await flow.say();

  await lab.provider.renumber({ site: 2, delegate: false, old: 'valid' });
  await startSaying(lab, {
    prefixes: [
      { prefix: '2001:db8:b:bb80::/58', preferred: 1800, valid: 3600 },
      { prefix: '2001:db8:a:aa80::/58', preferred: 0, valid: 3600 },
    ],
  });
  lab.router.renew();
  await waitForMapping(lab, (prefix) => prefix === '2001:db8:b:bb80::/58');
  const after = (await ask())!;
  expect(after).toMatch(/^2001:db8:b:bb80:/);
  expect(await flow.say()).toMatchObject({ source: after, port }); // UDP moves by itself
  const inbound = (target: string) => peers.server.ask({ protocol: 'udp', target, port: 443, timeout: 300 });
  expect((await inbound(after)).source).toBe(serverAddress);
  // The old address reaches the host; what it answers leaves with the new one, since nobody keeps in mind what was asked.
  const seen = await startCapture(lab, 'lan1', { port: 'eth0', filter: 'udp port 443' });
  expect((await inbound(before)).error).toBe('silent');
  expect(await seen.first('the question')).toMatchObject({ source: serverAddress, destination: insideAddress('lan1') });
  expect(await seen.first('the answer', ({ destination }) => destination === serverAddress)).toBeDefined();
  await seen.stop();
  const status = readReport(lab)!;
  expect(status.mappings.map(({ outside, direction }) => [outside, direction])).toEqual([
    ['2001:db8:b:bb80::/58', 'both'],
    ['2001:db8:a:aa80::/58', 'inbound'],
  ]);
  expect(status.problems).toEqual([]);
  await flow.close();
}, 30_000);

test('a delegation smaller than the network: each subnet by a mapping of its own, one without is told', async () => {
  lab = await Lab.start({ name: 'sixlife', length: 64 });
  const [, peers] = await Promise.all([
    startFollowing(lab, configText({ translation, length: 64 })),
    startPeers(lab, ['server', 'lan1', 'lan2']),
  ]);
  await peers.server.listen('udp', 443);
  const ask = (host: 'lan1' | 'lan2') => peers[host].ask({ protocol: 'udp', target: serverAddress, port: 443 });
  expect((await ask('lan1')).source).toMatch(/^2001:db8:a:aa80:[0-9a-f]+::10$/);
  const refused = await ask('lan2');
  expect(refused.error).toBe('EACCES');
  expect(refused.ms).toBeLessThan(100);
  await lab.provider.renumber({ site: 2, length: 60 });
  await waitUntil('both', () => readReport(lab)?.mappings.filter(({ direction }) => direction === 'both').length === 2);
  expect((await ask('lan2')).source).toMatch(/^2001:db8:b:bb81:[0-9a-f]+::10$/);
  expect((await lab.provider.counters()).inside).toBe(0);
}, 30_000);

test('built without clang: one clear error and exit code 69; the guard stands all the same', async () => {
  lab = await Lab.start({ name: 'sixlife' });
  const copy = mkdtempSync(join(tmpdir(), 'sixgate-without-'));
  try {
    cpSync(join(repositoryRoot, 'bin'), join(copy, 'bin'), { recursive: true });
    cpSync(join(repositoryRoot, 'dist'), join(copy, 'dist'), {
      recursive: true,
      filter: (path) => !/rfc6296\.o$|dist\/(deb|site)$/.test(path),
    });
    const { router } = lab;
    const paths = router.sixgatePaths();
    writeFileSync(join(router.shell.directory, 'config.yaml'), configText({ translation }));
    const run = (...args: string[]) => router.shell.attempt([join(copy, 'bin/sixgate'), ...args, ...paths]);
    for (const command of ['apply', 'run']) {
      const { code, stderr } = await run(command);
      expect(code).toBe(69);
      expect(stderr).toContain('mode rfc6296 needs a compiled translator');
      expect(stderr).toContain('Install clang and run "npm run build"');
    }
    expect((await run('check')).stdout).toMatch(/rfc6296\.o +missing/);
    const stream = await startStream(lab, 'lan1', { rate: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await stream.stop();
    expect((await lab.provider.counters()).inside).toBe(0);
    expect(await lab.exec('router', ['nft', 'list', 'table', 'inet', 'sixgate_guard'])).not.toMatch(/ oif \S+ accept/);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 30_000);
