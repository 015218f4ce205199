import type { Problem } from '../../core/problem.ts';
import type { NameKey } from '../intent/intent-fields.ts';
import { openwrtDevice } from './openwrt.ts';
import type { TunnelTarget } from './tunnel-targets.ts';
import type { Tunnel } from './tunnel.ts';

/** What the target cannot do of this; nothing is written then, rather than something that only looks right. */
export function refuseTarget(tunnel: Tunnel, target: TunnelTarget, name: NameKey): Problem[] {
  const refuse = (message: string, mend: string): Problem => ({ code: 'tunnel-target', message, mend });
  const { kind, sixRd, behindNat, advertise, lans } = tunnel;
  const problems: Problem[] = [];
  if (kind === '6rd' && (target === 'netplan' || target === 'networkmanager')) {
    const program = target === 'netplan' ? 'netplan' : 'NetworkManager';
    problems.push(refuse(`${program} has no 6rd`, 'Take networkd or ifupdown for this tunnel; they work beside it.'));
  }
  if (kind === '6rd' && target === 'networkd' && sixRd !== undefined && sixRd.common.length > 0) {
    problems.push(
      refuse(
        'systemd-networkd has 6rd only with all 32 bits of the IPv4 address, except by DHCP',
        'Take ifupdown, or let DHCP configure it (Use6RD= in the .network file of the uplink).',
      ),
    );
  }
  if (target === 'networkmanager' && advertise === 'networkd') {
    problems.push(refuse('networkd does not advertise where NetworkManager configures', 'Take radvd or dnsmasq.'));
  }
  if (target === 'ifupdown' && advertise === 'networkd') {
    problems.push(refuse('networkd does not advertise where ifupdown configures', 'Take radvd or dnsmasq.'));
  }
  if (target !== 'openwrt') return problems;

  if (kind === '6to4' && behindNat) {
    problems.push(
      refuse(
        'OpenWrt takes the prefix from the same address that packets leave from, so 6to4 cannot work behind NAT there',
        'Put the tunnel on a host inside with another target, or on the gateway that has the public address.',
      ),
    );
  }
  if (tunnel.filter === 'iptables') {
    problems.push(refuse('OpenWrt filters with nftables since 22.03', `Leave ${name('filter')} out.`));
  }
  if (tunnel.keepalive !== undefined) {
    problems.push(
      refuse('OpenWrt has no systemd timers', `Ping the other end from a cron job instead of ${name('keepalive')}.`),
    );
  }
  for (const section of [tunnel.name, ...lans.map((lan) => lan.interface)]) {
    if (/^[A-Za-z0-9_]+$/.test(section)) continue;
    problems.push(
      refuse(`${section} is no name for a uci section`, 'Use the name in /etc/config/network, such as lan.'),
    );
  }
  if (openwrtDevice(tunnel).length > 15) {
    const message = `OpenWrt would call the device ${openwrtDevice(tunnel)}, longer than the 15 characters that Linux takes`;
    problems.push(refuse(message, `Choose a shorter ${name('name')}.`));
  }
  return problems;
}
