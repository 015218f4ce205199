import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { unpackedPackages } from '../verify/unpacked-packages.ts';

/** Undefined where apt-get cannot fetch it. */
export const dibbler = unpackedPackages('dibbler', ['dibbler-server', 'libfl2']);

/**
 * Starts Dibbler 1.0.1 in the place of the provider's server, with what it wrote down before: a real server that has
 * Reconfigure messages with authentication, which Kea has not. It sends one at its start to each client whose prefix is
 * not in its pool any more. Its paths are fixed, so it gets them to itself.
 */
export async function startDibbler(lab: Lab, pool: string): Promise<LabProcess> {
  const { directory } = lab.shell('provider');
  const state = join(directory, 'dibbler');
  writeFileSync(join(directory, 'dibbler.conf'), compileConfig(pool));
  const script = [
    'set -e',
    `mkdir -p ${state}`,
    'mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/dibbler',
    `mount --bind ${state} /var/lib/dibbler`,
    'mount -t tmpfs tmpfs /var/log && mkdir /var/log/dibbler',
    'mount -t tmpfs tmpfs /etc && mkdir /etc/dibbler',
    `cp ${directory}/dibbler.conf /etc/dibbler/server.conf`,
    'rm -f /var/lib/dibbler/server.pid',
    `exec ${dibbler}/usr/sbin/dibbler-server run`,
  ].join('\n');
  const libraries = ['x86_64', 'aarch64']
    .map((machine) => `${dibbler}/usr/lib/${machine}-linux-gnu`)
    .filter(existsSync);
  const server = lab.spawn('provider', ['unshare', '-m', '--propagation', 'private', 'sh', '-c', script], {
    label: `dibbler-${Math.round(performance.now())}`,
    env: { LD_LIBRARY_PATH: libraries.join(':') },
  });
  await waitUntil(`Dibbler's start (${server.logFile})`, () => server.log().includes('Server begins operation'));
  return server;
}

function compileConfig(pool: string): string {
  return `log-level 8
log-mode short
auth-protocol reconfigure-key
auth-replay monotonic
auth-methods digest-hmac-md5
auth-required 0
reconfigure-enabled 1
iface "brwan" {
  t1 1000
  t2 2000
  preferred-lifetime 3600
  valid-lifetime 7200
  rapid-commit 1
  pd-class {
    pd-pool ${pool}
    pd-length 58
  }
}
`;
}
