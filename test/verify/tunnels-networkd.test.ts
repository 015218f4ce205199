import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GeneratedFile } from '../../src/generate/generated-file.ts';
import { inNamespace, sandboxed } from './in-namespace.ts';
import { filesOfCases } from './tunnel-files.ts';

const networkd = ['/usr/lib/systemd/systemd-networkd', '/lib/systemd/systemd-networkd'].find((path) =>
  existsSync(path),
);

/*
 * systemd-networkd itself, in namespaces with no files but ours. /sys is read-only, which tells it not to wait for udev, so that
 * the LAN interfaces are really configured. The tunnel itself needs a kernel with sit: that is for the VM.
 */
function runNetworkd(
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

function complaints(log: string): string[] {
  return log.split('\n').filter((line) => line.includes('/etc/systemd/network/') && complaint.test(line));
}

describe.skipIf(!sandboxed || networkd === undefined)('systemd-networkd', () => {
  const cases = filesOfCases({ target: 'networkd' });

  test.each(cases)('understands every line: $name', ({ files }) => {
    const { log } = runNetworkd(files);
    const name = /^Name=(.*)$/m.exec(files[0]!.text)![1]!;
    // The second is how 257 says it.
    const loaded = [`${name}: loaded "sit"`, `${files[0]!.path}: Successfully loaded.`];
    expect(loaded.filter((line) => log.includes(line))).toHaveLength(1);
    expect(complaints(log)).toEqual([]);
  });

  test('puts the LAN addresses where they belong, and advertises', () => {
    const { files } = filesOfCases({ target: 'networkd' }, { advertise: 'networkd' }).find(
      ({ name }) => name === '6to4-nat',
    )!;
    const { log, addresses } = runNetworkd(files, ['eth1', 'eth2']);
    expect(complaints(log)).toEqual([]);
    expect(addresses).toMatch(/eth1 +inet6 2002:c633:6407:1::1\/64/);
    expect(addresses).toMatch(/eth2 +inet6 2002:c633:6407:2::1\/64/);
  });

  test.each([
    ['an unknown key', 'TTL=64', 'Ttl6=64'],
    ['a peer that is none', 'Remote=any', 'Remote=anybody'],
    ['an address with too long a prefix', '::1/16', '::1/129'],
    ['an unknown type of route', 'Type=unreachable', 'Type=unreachabl'],
    ['an unknown section', '[Route]', '[Routes]'],
    ['a destination that is none', 'Destination=2002::/24', 'Destination=2002:/24'],
  ])('a bad twin is complained about: %s', (_, from, to) => {
    const { files } = cases.find(({ name }) => name === '6to4-public')!;
    const bad = files.map((file) => ({ ...file, text: file.text.replace(from, to) }));
    expect(bad).not.toEqual(files);
    expect(complaints(runNetworkd(bad).log).length).toBeGreaterThan(0);
  });
});
