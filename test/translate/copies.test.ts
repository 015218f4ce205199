import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { gatewayAddress, insideAddress, serverAddress } from '../lab/nodes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, startFollowing } from './following.ts';
import { buildDatagram, buildPacket, header } from './packet.ts';
import { sendRaw, startCapture, type Capture } from './wire.ts';

// Each copy of the guard by itself, and both: from the WAN nothing gets in with an inside address, and what the admin's own rules
// bring in is nothing of the guard's.

const pinhole = 'allow: [{ to: "servers::10", udp: [443] }]';
/** Of the router, on the uplink; the admin forwards a port of it. */
const own = '2001:db8:77::1';
const forwarded = `table ip6 mine {
  chain pre { type nat hook prerouting priority -101; iifname "eth0" ip6 daddr ${own} udp dport 8443 dnat to [${insideAddress('lan2')}]:443; }
}`;

describe.each([
  ['stateful', pinhole],
  ['rfc6296', `mode: rfc6296, ${pinhole}`],
  ['rfc6296, inbound: allow', 'mode: rfc6296, inbound: allow'],
])('%s', (name, translation) => {
  let lab: Lab;
  let daemon: LabProcess;
  let lan: Capture;

  const router = (...argv: string[]): Promise<string> => lab.exec('router', argv);
  beforeAll(async () => {
    lab = await Lab.start({ name: 'sixcopies' });
    daemon = await startFollowing(lab, configText({ translation }));
    await router('ip', 'addr', 'add', `${own}/128`, 'dev', 'eth0', 'nodad');
    await lab.exec('router', ['nft', '-f', '-'], { input: forwarded });
    for (const target of ['fd12:3456:789a::/48', own]) {
      await lab.exec('provider', ['ip', '-6', 'route', 'add', target, 'via', 'fe80::ff:fe00:aa01', 'dev', 'brwan']);
    }
    lan = await startCapture(lab, 'lan2', { port: 'eth0', filter: 'udp', direction: 'in' });
  }, 30_000);
  afterAll(async () => lab?.stop());

  const send = (source: string, destination: string, to = 443): Promise<void> => {
    const ends = { source, destination };
    const packet = { ...ends, next: header.udp, payload: buildDatagram(ends, { from: 1001, to }) };
    return sendRaw(lab, 'provider', [buildPacket(packet)]);
  };
  const sendInside = async (): Promise<void> => {
    await send(insideAddress('lan1'), insideAddress('lan2'));
    await send(serverAddress, insideAddress('lan2'));
    await send(serverAddress, gatewayAddress(1));
  };
  async function arriving(): Promise<number> {
    const text = await router('nft', 'list', 'counters');
    const counts = [...text.matchAll(/counter arriving {\s*packets (\d+)/g)].map(([, count]) => Number(count));
    expect(counts.length).toBeGreaterThan(0);
    return counts.reduce((sum, count) => sum + count, 0);
  }
  const names = async (): Promise<string> => (await router('nft', 'list', 'tables')).replaceAll(/_\d/g, '');

  test('what the admin forwards gets in', async () => {
    await send(serverAddress, own, 8443);
    expect((await lan.first('the forwarded one')).source).toBe(serverAddress);
  });

  test('with both copies, also where the translator has gone, nothing else does', async () => {
    await sendInside();
    daemon.signal('SIGSTOP');
    if (name !== 'stateful') {
      await router('tc', 'filter', 'del', 'dev', 'eth0', 'ingress');
      await router('tc', 'filter', 'del', 'dev', 'eth0', 'egress');
    }
    const before = await arriving();
    await sendInside();
    expect((await arriving()) - before).toBe(3);
    expect(lan.packets).toHaveLength(1);
  });

  test('with the held copy only', async () => {
    await router('nft', 'flush', 'ruleset');
    expect(await names()).toContain('table inet sixgate_held\n');
    expect(await names()).not.toContain('inet sixgate_guard');
    const before = await arriving();
    await sendInside();
    expect((await arriving()) - before).toBe(3);
    expect(lan.packets).toHaveLength(1);
  });

  test('with the other one only', async () => {
    daemon.signal('SIGCONT');
    await waitUntil('the repair', async () => ((await lab.router.sixgate('plan')).code === 0 ? true : undefined));
    daemon.signal('SIGKILL');
    await waitUntil('the end of the held copy', async () => !(await names()).includes('sixgate_held'));
    if (name !== 'stateful') await router('tc', 'filter', 'del', 'dev', 'eth0', 'ingress');
    await sendInside();
    expect(await arriving()).toBe(3);
    expect(lan.packets).toHaveLength(1);
    expect((await lab.provider.counters()).inside).toBe(0);
  });
});
