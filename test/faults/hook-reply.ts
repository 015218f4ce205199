import type { Told } from './family.ts';

/** A message of the provider as dhcpcd's hook leaves it. */
export function hookReply(
  { named, dead = [], valid = 3600 }: Told,
  { reason = 'RENEW6', uplink = 'eth0' }: { readonly reason?: string; readonly uplink?: string } = {},
): string {
  const variables = named.flatMap((prefix, index) => {
    const [address, length] = prefix.split('/') as [string, string];
    const name = `new_dhcp6_ia_pd1_prefix${index + 1}`;
    const life = dead.includes(prefix) ? 0 : valid;
    return [
      `${name}=${address}`,
      `${name}_length=${length}`,
      `${name}_pltime=${Math.floor(life / 2)}`,
      `${name}_vltime=${life}`,
    ];
  });
  return [`interface=${uplink}`, `reason=${reason}`, 'new_dhcp6_ia_pd1_iaid=0000aa01', ...variables]
    .map((line) => `${line}\0`)
    .join('');
}
