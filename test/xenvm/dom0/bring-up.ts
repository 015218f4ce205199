import type { GuestCase } from './guest-cases.ts';

const here = (count: number): string =>
  `for each in $(seq 0 ${count - 1}); do while [ ! -e /sys/class/net/eth$each ]; do usleep 20000; done; done\n`;

/** With /sys read-only networkd does not wait for udev, which is not here. */
const networkd = `mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
chown -R systemd-network:systemd-network /run/systemd/netif
mount -o remount,ro /sys
/lib/systemd/systemd-networkd >/run/networkd.log 2>&1 &
ready() { ip -6 route | grep -q ^default && ! ip -6 address | grep -q tentative; }
for each in $(seq 300); do ! ready || break; usleep 50000; done
`;

/** What a boot of the guest does, as shell text: waits for `count` interfaces, then has the real tool read its files. */
export function bringUpBy(target: GuestCase['target'], count: number): string {
  switch (target) {
    case 'ifupdown':
      return `${here(count)}for each in $(seq 0 ${count - 1}); do ifup eth$each || ip address; done\n`;
    case 'networkd':
      return here(count) + networkd;
    case 'netplan':
      return `${here(count)}$(ls -d /usr/libexec/netplan/generate /usr/lib/netplan/generate 2>/dev/null | head -n 1)\n${networkd}`;
  }
}
