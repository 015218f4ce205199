import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, startFollowing, waitForMapping } from './following.ts';
import { startPeers, type Peer } from './peers.ts';
import { allWell, baseOf, talkOver } from './talk.ts';

// Beside the tables of others: theirs stay as they are to the byte, ours work with them, and nothing is left behind.

/** As an admin writes it, with what sixgate needs let through; as Docker; and as scripts that call ip6tables. */
const tables = `
table inet filter {
  set blocked { type ipv6_addr; flags interval; elements = { 2001:db8:dead::/48 } }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    ct state invalid drop
    ip6 saddr @blocked drop
    iifname { "eth1", "eth2" } accept
    iifname "eth0" ct status dnat accept
  }
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname { "lo", "eth1", "eth2" } accept
    meta l4proto ipv6-icmp accept
    udp dport 546 accept
  }
}
table ip nat {
  chain DOCKER { }
  chain PREROUTING { type nat hook prerouting priority dstnat; fib daddr type local jump DOCKER; }
  chain POSTROUTING { type nat hook postrouting priority srcnat; oifname != "docker0" ip saddr 172.17.0.0/16 masquerade; }
}
table ip6 docker {
  chain user { return; }
  chain forward { type filter hook forward priority filter + 10; jump user; }
  chain out { type nat hook postrouting priority srcnat; oifname "docker0" ip6 saddr fd00:d0c::/64 masquerade; }
}
table bridge tags {
  chain in { type filter hook prerouting priority -300; ether type 0x9999 drop; }
}
`;
const commands = `
ip link add guest0 type dummy && ip link set guest0 up && ip -6 addr add fd00:9::1/64 dev guest0 nodad
ip6tables -t nat -A POSTROUTING -o guest0 -s fd00:8::/64 -j MASQUERADE
ip6tables -A FORWARD -p tcp --dport 25 -m comment --comment "no mail" -j REJECT
ip6tables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
ip -6 route add unreachable 2001:db8:bad::/48 metric 7
ip -6 rule add from fd00:8::/64 lookup 88 pref 5000
`;

let lab: Lab;
let peers: Record<'server' | 'lan1' | 'lan2', Peer>;
let daemon: LabProcess;
let before: Foreign;

interface Foreign {
  readonly ruleset: string;
  readonly routes: string;
  readonly rules: string;
}

/** All nftables tables but those with these names, and all routes but those with a protocol of ours or dhcpcd's. */
async function readForeign(ours = /^table (inet|ip6) sixgate/): Promise<Foreign> {
  const list = (await lab.exec('router', ['nft', '-s', '-a', 'list', 'ruleset'])).split(/^(?=table )/m);
  const routes = (await lab.exec('router', ['ip', '-6', 'route', 'show', 'table', 'all'])).split('\n');
  return {
    ruleset: list.filter((table) => !ours.test(table)).join(''),
    // The kernel's and the router advertisement's come and go with the provider's links.
    routes: routes.filter((route) => !/proto (66|dhcp|ra|kernel)/.test(route)).join('\n'),
    rules: await lab.exec('router', ['ip', '-6', 'rule', 'show']),
  };
}

beforeAll(async () => {
  lab = await Lab.start({ name: 'coexistence' });
  await lab.exec('router', ['nft', '-f', '-'], { input: tables });
  await lab.exec('router', ['sh', '-e', '-c', commands]);
  // Linux keeps old addresses for two hours and takes 16 of an interface by default.
  await lab.exec('router', ['sysctl', '-qw', 'net.ipv6.conf.eth0.max_addresses=200']);
  before = await readForeign();
  const allow = 'allow: [{ to: "servers::10", tcp: [443] }]';
  [daemon, peers] = await Promise.all([
    startFollowing(lab, configText({ translation: allow })),
    startPeers(lab, ['server', 'lan1', 'lan2']),
  ]);
  await Promise.all((['server', 'lan1', 'lan2'] as const).map((node) => peers[node].listen('tcp', 443)));
}, 30_000);
afterAll(async () => lab?.stop());

const talk = (site: number) => talkOver(peers, site);

test('behind a firewall that drops by policy: out, in by a pinhole, hairpin; not in otherwise', async () => {
  expect(before.ruleset).toContain('policy drop');
  expect(before.ruleset).toContain('masquerade');
  expect(await talk(1)).toEqual(allWell(1));
});

test('dozens of changes: the tables, routes and rules of others stay to the byte', async () => {
  for (let site = 2; site <= 30; site++) {
    await lab.provider.renumber({ site });
    await waitForMapping(lab, (prefix) => prefix?.startsWith(baseOf(site)) ?? false);
  }
  expect(await readForeign()).toEqual(before);
  expect(await talk(30)).toEqual(allWell(30));
  expect((await lab.provider.counters()).inside).toBe(0);
}, 30_000);

test('a rule that somebody puts into a table of ours goes, the tables of others do not', async () => {
  await lab.exec('router', ['nft', 'insert', 'rule', 'ip6', 'sixgate', 'forward', 'drop']);
  await waitUntil('the repair', async () => {
    const table = await lab.exec('router', ['nft', 'list', 'chain', 'ip6', 'sixgate', 'forward']);
    return !/^\s*drop$/m.test(table);
  });
  expect(await talk(30)).toEqual(allWell(30));
  expect(await readForeign()).toEqual(before);
});

test('without the daemon, apply --restore puts back what a script has flushed', async () => {
  await daemon.stop();
  await lab.exec('router', ['nft', 'delete', 'table', 'ip6', 'sixgate']);
  await lab.exec('router', ['nft', 'delete', 'table', 'inet', 'sixgate_guard']);
  await lab.exec('router', ['ip', '-6', 'route', 'flush', 'proto', '66']);
  expect(await talk(30)).not.toEqual(allWell(30));
  expect(await lab.router.sixgate('apply', '--restore')).toMatchObject({ code: 0 });
  expect(await talk(30)).toEqual(allWell(30));
  expect(await readForeign()).toEqual(before);
});

describe('withdrawing leaves exactly what was before', () => {
  const everything = /^$/; // nothing is left out

  test('apply --withdraw, once the daemon has ended and left its rules', async () => {
    await daemon.stop();
    const left = await readForeign(everything);
    expect(left.ruleset).toContain('table ip6 sixgate');
    expect(left.ruleset).toContain('table inet sixgate_guard');
    expect((await lab.router.sixgate('apply', '--withdraw')).code).toBe(0);
    expect(await readForeign(everything)).toEqual(before);
    expect(await lab.exec('router', ['ip', '-6', 'route', 'show', 'proto', '66'])).toBe('');
    expect((await lab.router.sixgate('apply', '--withdraw')).code).toBe(0); // nothing to do is done
  });

  test('run --withdraw at its end', async () => {
    const config = configText({ translation: 'allow: [{ to: "servers::10", tcp: [443] }]' });
    const withdrawing = lab.router.startSixgate(config, { args: ['--withdraw'] });
    await waitForMapping(lab, (prefix) => prefix !== undefined);
    await waitUntil('the translation', async () => (await talk(30))[0] === allWell(30)[0]);
    withdrawing.signal('SIGTERM'); // once: a second one would end it at once
    expect((await withdrawing.exited).code).toBe(0);
    expect(await readForeign(everything)).toEqual(before);
    expect(await lab.exec('router', ['ip', '-6', 'route', 'show', 'proto', '66'])).toBe('');
  });
});
