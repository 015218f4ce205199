import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { GeneratedFile } from '../../src/generate/generated-file.ts';
import { inNamespace } from './in-namespace.ts';

/** The program; undefined where there is none. */
export const networkd = ['/usr/lib/systemd/systemd-networkd', '/lib/systemd/systemd-networkd'].find((path) =>
  existsSync(path),
);

/**
 * systemd-networkd itself, in namespaces with no files but ours. /sys is read-only, which tells it not to wait for udev, so that
 * the LAN interfaces are really configured. The tunnel itself needs a kernel with sit: that is for the VM.
 */
export function runNetworkd(
  files: readonly GeneratedFile[],
  lans: readonly string[] = [],
): { log: string; addresses: string } {
  const units = files.filter(({ path }) => path.startsWith('/etc/systemd/network/'));
  const texts = Object.fromEntries(units.map(({ path, text }) => [basename(path), text]));
  const { code, stdout, stderr } = inNamespace(
    `mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
chown -R systemd-network: /run/systemd/netif
mount --bind /run/files /etc/systemd/network && mount -t sysfs -o ro none /sys || exit 98
ip link set lo up
${lans.map((lan, index) => `ip link add ${lan} type veth peer name peer${index} && ip link set peer${index} up`).join('\n')}
SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console ${networkd} > /run/log 2>&1 & pid=$!
for i in $(seq 200); do
  sleep 0.02
  grep -q 'Enumeration completed' /run/log || continue
  ${lans.length === 0 ? 'break' : `[ $(ip -6 -o address show scope global | grep -c ' eth') -lt ${lans.length} ] || break`}
done
kill $pid; wait $pid
cat /run/log; echo ADDRESSES; ip -6 -o address show scope global`,
    texts,
  );
  if (code !== 0) throw new Error(`${code}: ${stderr}`);
  const [log = '', addresses = ''] = stdout.split('ADDRESSES\n');
  return { log, addresses };
}

/** What networkd says of a line that it does not understand, as of 252. */
const complaint =
  /Unknown (key|section)|Failed to parse|[Ii]nvalid|, ignoring assignment|Ignoring (\[|section)|without|specified/;

export function complaints(log: string): string[] {
  return log.split('\n').filter((line) => line.includes('/etc/systemd/network/') && complaint.test(line));
}
