import { parseAddressWithLength } from '../../core/prefix.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { OldStanza } from '../../engine/takeover/old-setup.ts';

/** The IPv6 address of a static stanza, with `netmask` or the length behind it. */
export function addressOf({ family, options }: OldStanza): { address: Ipv6Address; length: number } | undefined {
  if (family !== 'inet6') return undefined;
  const value = options.find(({ name }) => name === 'address')?.value ?? '';
  const netmask = options.find(({ name }) => name === 'netmask')?.value ?? '64';
  const read = parseAddressWithLength(value.includes('/') ? value : `${value}/${netmask}`);
  return read.ok ? read.value : undefined;
}
