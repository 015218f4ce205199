import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { namespaceName, serverAddress } from '../lab/nodes.ts';
import { runChecked } from '../lab/run-command.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readReport, startFollowing } from '../translate/following.ts';
import { startPeers, type Peer } from '../translate/peers.ts';
import { reconfigure } from '../translate/reconfigure.ts';

// One network stateful on one uplink, another without state on a second: a cable from the router straight to the server.

const config = (mode: string): string => `
uplinks:
  dsl: { interface: eth0, prefix: { from: dhcpcd, length: 58 } }
  cable: { interface: eth3, prefix: { from: static, prefix: 2001:db8:5:40::/58 } }
networks:
  home:
    prefix: fd12:3456:789a::/64
    subnets: { lan: { id: 0, interface: eth1 } }
  work:
    prefix: fd12:3456:789a:1::/64
    subnets: { servers: { id: 0, interface: eth2 } }
translate:
  - { network: home, uplink: dsl }
  - { network: work, uplink: cable, ${mode} }
`;

let lab: Lab;
let daemon: LabProcess;
let peers: Record<'server' | 'lan1' | 'lan2', Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'sixmixed' });
  const [router, server] = (['router', 'server'] as const).map((node) => namespaceName(lab.name, node));
  await runChecked([
    'ip',
    'link',
    'add',
    'eth3',
    'netns',
    router!,
    'type',
    'veth',
    'peer',
    'name',
    'eth9',
    'netns',
    server!,
  ]);
  const ip = async (node: 'router' | 'server', lines: string) =>
    lab.exec(node, ['ip', '-6', '-batch', '-'], { input: lines });
  await ip('router', 'link set eth3 up\naddr add 2001:db8:77::1/64 dev eth3 nodad\n');
  await ip(
    'server',
    'link set eth9 up\naddr add 2001:db8:77::80/64 dev eth9 nodad\nroute add 2001:db8:5:40::/58 via 2001:db8:77::1\n',
  );
  await ip(
    'router',
    'rule add from fd12:3456:789a:1::/64 lookup 7\nroute add default via 2001:db8:77::80 dev eth3 table 7\n',
  );
  [daemon, peers] = await Promise.all([
    startFollowing(lab, config('mode: rfc6296')),
    startPeers(lab, ['server', 'lan1', 'lan2']),
  ]);
  await waitUntil('both mappings', () => readReport(lab)?.mappings.length === 2);
  await Promise.all([
    peers.server.listen('tcp', 443),
    peers.server.listen('udp', 443, serverAddress),
    peers.lan2.listen('tcp', 443),
  ]);
}, 30_000);
afterAll(async () => lab?.stop());

const ask = async (host: 'lan1' | 'lan2') =>
  (await peers[host].ask({ protocol: 'tcp', target: serverAddress, port: 443 })).source;

test('each goes its way, both keep their flows, and the one learns nothing of the other', async () => {
  expect(await ask('lan1')).toBe('2001:db8:a:aa80::10');
  // The second cable is new: its addresses are still being tried.
  await expect.poll(() => ask('lan2')).toMatch(/^2001:db8:5:40:[0-9a-f]+::10$/);
  expect(await lab.exec('router', ['nft', 'list', 'table', 'netdev', 'sixgate_guard'])).not.toContain('"eth0"');
  expect(await lab.exec('router', ['tc', 'filter', 'show', 'dev', 'eth0', 'egress'])).toBe('');
});

test('who has no outside address there is told at once that replies could not come back', async () => {
  const answer = await peers.lan1.ask({ protocol: 'udp', target: (await ask('lan2'))!, port: 443 });
  expect(answer.error).toBe('EACCES');
  expect(answer.ms).toBeLessThan(100);
});

test('without state and filter nothing is tracked', async () => {
  const open = 'mode: rfc6296, inbound: allow';
  await reconfigure(lab, daemon, config(open).replace('uplink: dsl }', `uplink: dsl, ${open} }`));
  // The held copy of before stands until the next one does.
  const rules = () => lab.exec('router', ['nft', 'list', 'ruleset']);
  await waitUntil('no rule that asks conntrack', async () => !/\bct (state|status)\b/.test(await rules()));
  await lab.exec('router', ['sh', '-c', 'conntrack -F 2>/dev/null']);
  const source = (await ask('lan2'))!;
  expect((await peers.server.ask({ protocol: 'tcp', target: source, port: 443 })).source).toMatch(/^2001:db8:/);
  expect(await lab.exec('router', ['conntrack', '-L', '-f', 'ipv6'])).not.toContain('port=443');
  await reconfigure(lab, daemon, config('mode: rfc6296'));
});

test('a change of the one leaves the other alone', async () => {
  const flow = await peers.lan2.open({ protocol: 'udp', target: serverAddress, port: 443 });
  const before = await flow.say();
  await lab.provider.renumber({ site: 2 });
  await waitUntil('the new prefix', () =>
    readReport(lab)?.mappings.some(({ outside }) => outside.startsWith('2001:db8:b:')),
  );
  expect(await ask('lan1')).toBe('2001:db8:b:bb80::10');
  expect(await flow.say()).toMatchObject({ source: before.source, port: before.port });
  await flow.close();
});
