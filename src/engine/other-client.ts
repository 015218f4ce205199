import { shellWord } from './doctor/commands.ts';

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

/** NetworkManager asks by DHCPv6 wherever a router advertisement says that there is something to ask for. */
function leaveToKernel(name: string): string {
  const device = shellWord(name);
  return `nmcli connection modify "$(nmcli -g GENERAL.CONNECTION device show ${device})" ipv6.method ignore && nmcli device reapply ${device}`;
}
