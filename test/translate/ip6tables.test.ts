import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { serverAddress } from '../lab/nodes.ts';
import { startSaying } from '../lab/saying.ts';
import { startStream } from '../lab/probes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from './following.ts';
import { startPeers, type Peer } from './peers.ts';
import { allWell, baseOf, talkOver } from './talk.ts';

// The rules in ip6tables, of both kinds, called by a firewall script as the guide shows it.

const kinds = ['nft', 'legacy'] as const;
const allow = 'allow: [{ to: "servers::10", tcp: [443], icmp: true }]';
const config = `backend: ip6tables\n${configText({ translation: allow })}`;

describe.each(kinds)('iptables-%s', (kind) => {
  let lab: Lab;
  let daemon: LabProcess;
  let peers: Record<'server' | 'lan1' | 'lan2', Peer>;
  const ip6tables = (...words: string[]) => lab.exec('router', ['ip6tables', ...words]);

  beforeAll(async () => {
    lab = await Lab.start({ name: `chain${kind}` });
    await chooseIp6tables(lab, kind);
    daemon = await startGuarded(lab, config);
    await lab.router.startGeneratedDhcpcd();
    peers = await startPeers(lab, ['server', 'lan1', 'lan2']);
    await Promise.all((['server', 'lan1', 'lan2'] as const).map((node) => peers[node].listen('tcp', 443)));
    await waitForMapping(lab, (prefix) => prefix !== undefined);
  }, 60_000);
  afterAll(async () => lab?.stop());

  const talk = (site: number) => talkOver(peers, site);
  const leaked = async () => (await lab.provider.counters()).inside;
  const problems = (): string[] => (readReport(lab)?.problems ?? []).map(({ code }) => code);

  test('as long as nobody calls the chains: nothing is translated, nothing leaks, and status has the commands', async () => {
    const stream = await startStream(lab, 'lan1', { rate: 200, ports: 50 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stream.stop();
    expect(await leaked()).toBe(0);
    const status = await lab.router.sixgate('status');
    expect(status.code).toBe(3);
    expect(status.stdout).toContain('ip6tables -t nat -I POSTROUTING -j SIXGATE-POST');
    expect(problems()).toContain('chain-not-called');
    expect(readReport(lab)?.inForce).toBe(false);
  });

  test('apply --restore makes the calls, and the flows that began before are not left behind', async () => {
    const restored = await lab.router.sixgate('apply', '--restore');
    expect(restored).toMatchObject({ code: 0 });
    expect(await talk(1)).toEqual(allWell(1));
    await waitUntil('no problem', () => problems().length === 0, { timeout: 10_000 });
    expect(readReport(lab)?.inForce).toBe(true);
    expect(await leaked()).toBe(0);
    expect((await lab.router.sixgate('plan')).code).toBe(0);
  });

  test('under load, changes of the prefix leak nothing, and UDP goes on', async () => {
    const stream = await startStream(lab, 'lan1', { rate: 2000, ports: 1 });
    const others = await startStream(lab, 'lan2', { rate: 2000, ports: 500 });
    for (const site of [2, 3, 4, 5]) {
      await lab.provider.renumber({ site });
      await waitForMapping(lab, (prefix) => prefix?.startsWith(baseOf(site)) ?? false);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const before = (await lab.provider.counters()).translated;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await lab.provider.counters()).translated).toBeGreaterThan(before + 1500);
    await Promise.all([stream.stop(), others.stop()]);
    expect(await lab.provider.counters()).toMatchObject({ inside: 0 });
    expect(await talk(5)).toEqual(allWell(5));
  });

  test('while an old prefix is valid, both are reached from outside', async () => {
    await lab.provider.renumber({ site: 6, delegate: false, old: 'valid' });
    const whole = (site: number): string => `${baseOf(site)}0::/58`;
    const saying = await startSaying(lab, {
      prefixes: [
        { prefix: whole(6), preferred: 1800, valid: 3600 },
        { prefix: whole(5), preferred: 0, valid: 3600 },
      ],
    });
    lab.router.renew();
    await waitForMapping(lab, (prefix) => prefix?.startsWith(baseOf(6)) ?? false);
    const ask = async (site: number) =>
      (await peers.server.ask({ protocol: 'tcp', target: `${baseOf(site)}1::10`, port: 443 })).source;
    expect(await ask(6)).toBe(serverAddress);
    expect(await ask(5)).toBe(serverAddress);
    await saying.stop();
  });

  test('a script that flushes everything and then restores: no packet leaves with an inside address', async () => {
    const now = 6;
    const stream = await startStream(lab, 'lan1', { rate: 2000, ports: 200 });
    for (let round = 0; round < 5; round++) {
      await lab.exec('router', ['sh', '-e', '-c', script(lab)]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await stream.stop();
    expect(await leaked()).toBe(0);
    expect(await talk(now)).toEqual(allWell(now));
    expect(currentPrefix(lab)?.startsWith(baseOf(now))).toBe(true);
  });

  test('a script that flushes and does not restore: the daemon fills the chains, status says what is missing', async () => {
    await ip6tables('-t', 'nat', '-F');
    await waitUntil('the problem', () => problems().includes('chain-not-called'), { timeout: 10_000 });
    await waitUntil('the chains', async () => /SIXGATE-INTO-dsl -d/.test(await ip6tables('-t', 'nat', '-S')));
    const answer = await peers.lan1.ask({ protocol: 'tcp', target: serverAddress, port: 443, timeout: 200 });
    expect(answer.source).toBeUndefined();
    for (const { mend } of readReport(lab)!.problems) await lab.exec('router', ['sh', '-c', mend!]);
    await waitUntil('no problem', () => problems().length === 0, { timeout: 10_000 });
    expect(await talk(6)).toEqual(allWell(6));
    expect(await leaked()).toBe(0);
  });

  test('doctor finds the missing call, and its mend works', async () => {
    const ask = async () => {
      const { stdout } = await lab.router.sixgate('doctor', '--json');
      const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string; mend: string | null }[] };
      return checks.filter(({ id }) => id === 'chains').map(({ result, mend }) => [result, mend]);
    };
    expect(await ask()).toEqual([['ok', null]]);
    await ip6tables('-t', 'mangle', '-D', 'POSTROUTING', '-j', 'SIXGATE-POST');
    const mend = 'ip6tables -t mangle -I POSTROUTING -j SIXGATE-POST';
    expect(await ask()).toEqual([['problem', mend]]);
    expect((await lab.router.sixgate('check')).stderr).toContain(mend);
    await lab.exec('router', mend.split(' '));
    expect(await ask()).toEqual([['ok', null]]);
  });

  test('what generate firewall writes makes the calls, once', async () => {
    const save = async () => (await lab.exec('router', ['ip6tables-save'])).match(/^-A [A-Z]+ -j SIXGATE.*/gm);
    const before = await save();
    expect(before).toHaveLength(7);
    const generate = ['generate', 'firewall', '--for', 'iptables', '--out', '/', '--force'];
    expect((await lab.router.sixgate(...generate)).code).toBe(0);
    await lab.exec('router', ['/etc/sixgate/firewall-calls.sh']);
    expect(await save()).toEqual(before);
    for (const call of before!) {
      const table = /PREROUTING|POSTROUTING/.test(call) ? 'nat' : 'filter';
      await lab.exec('router', ['ip6tables', '-t', table, ...call.replace('-A', '-D').split(' ')]).catch(() => {});
    }
    expect(await save()).toHaveLength(4);
    await lab.exec('router', ['/etc/sixgate/firewall-calls.sh']);
    expect(await save()).toEqual(before);
    await waitUntil('the mapping', async () => (await talk(6)).join() === allWell(6).join(), { timeout: 10_000 });
  });

  test('without the daemon, the stored prefix is enough; nothing leaks where the script lets packets through last', async () => {
    await daemon.stop();
    const stream = await startStream(lab, 'lan1', { rate: 1000, ports: 100 });
    for (let round = 0; round < 3; round++) await lab.exec('router', ['sh', '-e', '-c', script(lab, 'careful')]);
    await stream.stop();
    expect(await leaked()).toBe(0);
    expect(await talk(6)).toEqual(allWell(6));
  });

  test('by itself, without the held guard, it stops flows that began untranslated, also where nobody moves them', async () => {
    await lab.router.sixgate('apply', '--withdraw');
    const stream = await startStream(lab, 'lan1', { rate: 1000, ports: 1 });
    await waitUntil('a leak', async () => (await leaked()) > 0);
    const tools = join(lab.router.shell.directory, 'without-conntrack');
    mkdirSync(tools);
    writeFileSync(join(tools, 'conntrack'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const restore = [join(process.cwd(), 'bin/sixgate'), 'apply', '--restore', ...lab.router.sixgatePaths()];
    const { stderr } = await lab.shell('router').attempt(['env', `PATH=${tools}:${process.env['PATH']}`, ...restore]);
    expect(stderr).toMatch(/conntrack .*ended with exit code 3/);
    await lab.provider.resetCounters();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stream.stop();
    expect(await lab.provider.counters()).toMatchObject({ inside: 0, translated: 0 });
  });

  test('by itself, without the held guard: flows that began untranslated are stopped, then moved', async () => {
    await lab.router.sixgate('apply', '--withdraw');
    expect((await ip6tables('-t', 'nat', '-S')).match(/^-A SIXGATE.*/gm)).toBeNull();
    const stream = await startStream(lab, 'lan1', { rate: 1000, ports: 1 });
    await waitUntil('a leak', async () => (await leaked()) > 0);
    expect((await lab.router.sixgate('apply', '--restore')).code).toBe(0);
    await lab.provider.resetCounters();
    await waitUntil('the flow', async () => (await lab.provider.counters()).translated > 100);
    await stream.stop();
    expect(await leaked()).toBe(0);
    await lab.router.sixgate('apply', '--withdraw');
  });

  test('the other kind of ip6tables was never touched', async () => {
    const names = await lab.exec('router', ['sh', '-c', 'cat /proc/net/ip6_tables_names || true']);
    const tables = await lab.exec('router', ['nft', 'list', 'tables']);
    if (kind === 'nft') expect(names).toBe('');
    else expect(tables).not.toMatch(/table ip6 (nat|mangle|filter)/);
  });
});

/** As admins have it: flush all, own rules, then ours. The careful one lets nothing through before that. */
function script(lab: Lab, how?: 'careful'): string {
  const restore = [join(process.cwd(), 'bin/sixgate'), 'apply', '--restore', ...lab.router.sixgatePaths()].join(' ');
  const open = `
ip6tables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
ip6tables -A FORWARD ! -i eth0 -j ACCEPT
ip6tables -A FORWARD -m conntrack --ctstate DNAT -j ACCEPT
`;
  return `
ip6tables -P FORWARD DROP
for table in filter nat mangle; do ip6tables -t $table -F; ip6tables -t $table -X; done
${how === 'careful' ? `${restore}\n${open}` : `${open}\n${restore}`}
`;
}

async function chooseIp6tables(lab: Lab, kind: (typeof kinds)[number]): Promise<void> {
  const links = ['ip6tables', 'ip6tables-save', 'ip6tables-restore'].map((name) => {
    const there = name.replace('ip6tables', `ip6tables-${kind}`);
    return `ln -sf /usr/sbin/${there} /etc/alternatives/${name}`;
  });
  await lab.exec('router', ['sh', '-e', '-c', links.join('\n')]);
  expect(await lab.exec('router', ['ip6tables', '-V'])).toContain(kind === 'nft' ? 'nf_tables' : 'legacy');
}
