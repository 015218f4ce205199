import { shellWord } from '../core/shell-word.ts';

/** How a DHCPv6 client that is no part of sixgate is used as a prefix source, by the name of its process. */
const sources: ReadonlyMap<string, string> = new Map([
  ['dhcpcd', 'from: dhcpcd'],
  ['dhclient', 'from: hook, client: dhclient'],
  ['odhcp6c', 'from: hook, client: odhcp6c'],
  ['dhcp6c', 'from: address, of: the interface that it numbers'],
  // The kernel keeps 15 characters.
  ['systemd-network', 'from: networkd'],
]);

/**
 * What to do about a client that has the port of sixgate's own on an interface: the way to use it instead, where there is
 * one, and else to have it leave the interface alone.
 */
export function mendOtherClient(process: string, name: string): string {
  if (process === 'NetworkManager') return leaveToKernel(name);
  const source = sources.get(process);
  if (source === undefined) return `Stop it, or tell it to leave DHCPv6 on ${name} alone.`;
  return `Use it: write "prefix: { ${source} }" for this uplink. Or stop it, or tell it to leave DHCPv6 on ${name} alone.`;
}

/**
 * NetworkManager asks by DHCPv6 wherever a router advertisement says that there is something to ask for. When it gives IPv6 of an
 * interface back, it takes the link-local address away that it had set (1.42, 1.52), and the kernel makes one of its own
 * only when IPv6 begins anew there. It does so after "reapply" has come back: the pause lets it.
 */
function leaveToKernel(name: string): string {
  const device = shellWord(name);
  const disabled = `net/ipv6/conf/${device}/disable_ipv6`;
  return `nmcli connection modify "$(nmcli -g GENERAL.CONNECTION device show ${device})" ipv6.method ignore && nmcli device reapply ${device} && sleep 2 && sysctl -w ${disabled}=1 ${disabled}=0`;
}
