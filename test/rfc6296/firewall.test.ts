import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { serverAddress } from '../lab/nodes.ts';
import { configText, startFollowing } from '../translate/following.ts';
import { startPeers, type Peer } from '../translate/peers.ts';

// What `sixgate generate firewall` writes for `mode: rfc6296`, in a firewall that drops all else.

const translation = 'mode: rfc6296, allow: [{ to: "servers::10", tcp: [443] }]';
let lab: Lab;
let peers: Record<'server' | 'lan1' | 'lan2', Peer>;

beforeAll(async () => {
  lab = await Lab.start({ name: 'sixwall' });
  [, peers] = await Promise.all([
    startFollowing(lab, configText({ translation })),
    startPeers(lab, ['server', 'lan1', 'lan2']),
  ]);
  for (const node of ['server', 'lan1', 'lan2'] as const) {
    await Promise.all([peers[node].listen('tcp', 443), peers[node].listen('tcp', 444)]);
  }
  const { stdout } = await lab.router.sixgate('generate', 'firewall', '--for', 'nftables');
  const hooks = ['input', 'forward'].map(
    (hook) => `chain ${hook} { type filter hook ${hook} priority 0; policy drop; jump sixgate_${hook}; }`,
  );
  await lab.exec('router', ['nft', '-f', '-'], { input: `${stdout}\ntable inet filter {\n${hooks.join('\n')}\n}\n` });
}, 30_000);
afterAll(async () => lab?.stop());

test('out, in by the pinhole, and between inside hosts by the pinhole; nothing else', async () => {
  const ask = async (from: 'server' | 'lan1' | 'lan2', target: string, port: number) => {
    const { source, error } = await peers[from].ask({ protocol: 'tcp', target, port, timeout: 300 });
    return source ?? error;
  };
  const lan1 = (await ask('lan1', serverAddress, 443))!;
  const lan2 = (await ask('lan2', serverAddress, 443))!;
  expect([lan1, lan2].map((each) => each.startsWith('2001:db8:a:aa8'))).toEqual([true, true]);
  expect(await ask('server', lan2, 443)).toBe(serverAddress);
  expect(await ask('server', lan2, 444)).toBe('silent');
  expect(await ask('server', lan1, 443)).toBe('silent');
  expect(await ask('lan1', lan2, 443)).toBe(lan1);
  expect(await ask('lan1', lan2, 444)).toBe('silent');
});
