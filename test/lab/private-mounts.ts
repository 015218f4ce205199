/**
 * Shell text that a node's holder runs: a mount namespace of its own, so that each router and the provider have their
 * own /run, /etc and state directories, then `ready` on standard output and sleep for as long as the node lives.
 *
 * Two dhcpcd with a shared /run: the second becomes a client of the first and gets no lease. Kea 2.6 and later insist
 * on their own paths (control socket in /run/kea with mode 0750, leases in /var/lib/kea). `slave`: removing
 * another lab's namespaces outside must not be held up by the copies of their mounts in here.
 */
export function compileHolder(kind: 'router' | 'provider'): string {
  return [
    'set -e',
    'mount -t tmpfs -o mode=755 tmpfs /run',
    ...(kind === 'router' ? routerMounts : providerMounts),
    'echo ready',
    'exec sleep infinity',
  ].join('\n');
}

const routerMounts = [
  // The upper layer lies on a tmpfs: overlay on overlay, as in a container, is refused.
  'mkdir -p /run/lab/etc /run/lab/work /run/lock',
  'mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/lab/etc,workdir=/run/lab/work /etc',
  'mkdir -p /var/lib/dhcpcd',
  'mount -t tmpfs -o mode=755 tmpfs /var/lib/dhcpcd',
];

const providerMounts = [
  'mkdir -p /run/lock /run/lab',
  'mkdir -m 750 /run/kea',
  'mkdir -p /var/lib/kea',
  'mount -t tmpfs -o mode=755 tmpfs /var/lib/kea',
  // Debian's AppArmor profile goes by path and would deny Kea the lab's files; a copy elsewhere has no profile.
  'cp "$(command -v kea-dhcp6 || echo /usr/sbin/kea-dhcp6)" /run/lab/kea-dhcp6',
];
