import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressPreference } from '../../src/engine/doctor/address-preference.ts';
import { healthyHost, homeConfig, known } from '../../src/testing/healthy-host.ts';
import { parseIpv4 } from '../../src/core/ipv4.ts';
import { Lab } from './lab.ts';
import { serverAddress } from './nodes.ts';

// What `sixgate doctor` predicts of hosts with a ULA and IPv4, and the lines that it offers, asked of glibc on such a host.

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start({ name: 'preference' });
  const lines = ['addr add 192.0.2.10/24 dev eth0', 'route add default via 192.0.2.1 dev eth0'];
  await lab.exec('lan1', ['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
});
afterAll(() => lab?.stop());

const ask = `import socket
print([a[4][0] for a in socket.getaddrinfo("www.example", 443, type=socket.SOCK_STREAM)])`;

/** In which order glibc gives the addresses of a name that has both, with this gai.conf. */
async function order(gai: string): Promise<string> {
  const directory = lab.shell('lan1').directory;
  writeFileSync(join(directory, 'gai.conf'), gai);
  writeFileSync(join(directory, 'hosts'), `${serverAddress} www.example\n203.0.113.80 www.example\n`);
  const script = `mount --bind ${directory}/gai.conf /etc/gai.conf; mount --bind ${directory}/hosts /etc/hosts; exec python3 -c "$0"`;
  return (await lab.exec('lan1', ['unshare', '-m', 'sh', '-e', '-c', script, ask])).trim();
}

test('hosts prefer IPv4 as doctor says, and its lines for gai.conf make them prefer IPv6', async () => {
  expect(await order('')).toBe(`['203.0.113.80', '${serverAddress}']`);
  const ipv4 = parseIpv4('192.0.2.1');
  if (!ipv4.ok || !healthyHost.interfaces.known) throw new Error('no host');
  const interfaces = known(
    healthyHost.interfaces.value.map((link) => (link.name === 'eth1' ? { ...link, ipv4: [ipv4.value] } : link)),
  );
  const [finding] = addressPreference.judge({ ...healthyHost, interfaces }, homeConfig);
  const labels = [...finding!.mend!.matchAll(/label \S+ \d+/g)].map(([line]) => line);
  expect(labels).toContain('label fd12:3456:789a::/58 1');
  expect(await order(`${labels.join('\n')}\n`)).toBe(`['${serverAddress}', '203.0.113.80']`);
});
