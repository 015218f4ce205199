import { formatIpv4, type Ipv4Address } from '../../../core/ipv4.ts';
import { formatIpv6, ipv6FromBigInt } from '../../../core/ipv6.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { sixToFourPrefix } from '../../../core/sixtofour.ts';
import type { InterfaceAddress } from '../host-facts.ts';

/** Commands for mends. What they change lasts until the tunnel is made anew: the remark names the other half. */
const lasting = '  # and where the tunnel is configured';

export function changeTunnel(name: string, setting: string): string {
  return `ip tunnel change ${shellWord(name)} ${setting}${lasting}`;
}

export function setMtu(name: string, mtu: number): string {
  return `ip link set dev ${shellWord(name)} mtu ${mtu}${lasting}`;
}

/** The address ::1 of the site, with all other sites as neighbours, in place of these. */
export function addSite(name: string, site: Ipv4Address, instead: readonly InterfaceAddress[] = []): string {
  const address = ipv6FromBigInt(sixToFourPrefix(site).address | 1n);
  const dev = `dev ${shellWord(name)}`;
  const add = `ip -6 address replace ${formatIpv6(address)}/16 ${dev}`;
  const remove = instead.map((each) => `ip -6 address del ${formatIpv6(each.address)}/${each.length} ${dev}`);
  return [add, ...remove].join('; ') + lasting;
}

/** The generator for such a tunnel; `PUBLIC` is for the reader to fill in. */
export function generateSixToFour(name: string, site: Ipv4Address | undefined, local: Ipv4Address | undefined): string {
  const ipv4 = site === undefined ? 'PUBLIC' : formatIpv4(site);
  const behind = local === undefined || local === site ? '' : ` --local ${formatIpv4(local)}`;
  return `sixgate generate 6to4 --for ifupdown --name ${shellWord(name)} --ipv4 ${ipv4}${behind}`;
}
