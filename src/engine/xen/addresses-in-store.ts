import { parseIpv6 } from '../../core/ipv6.ts';
import { formatPrefix, overlap, parseAddressWithLength, prefixOf, type Prefix } from '../../core/prefix.ts';
import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { matchGuest } from './match-guest.ts';
import type { XenConfig } from './xen-config.ts';
import type { Vif } from './vif.ts';

/**
 * The IPv6 prefixes in `ip=` of xl.cfg, where addresses stand with blanks between them (addresses as /128). With a length
 * behind it, an address with host bits is one address and any other a prefix. IPv4 is the hotplug script's.
 */
export function parseStoreAddresses(text: string): Result<readonly Prefix[]> {
  const prefixes: Prefix[] = [];
  for (const item of text.split(/\s+/).filter((each) => each.includes(':'))) {
    const read = item.includes('/') ? parseAddressWithLength(item) : parseIpv6(item);
    if (!read.ok) {
      const message = `"ip=" of xl.cfg has ${quote(item)}: ${read.problem.message}`;
      return fail({
        code: read.problem.code,
        message,
        mend: 'Write IPv6 addresses or prefixes with blanks between them.',
      });
    }
    const { address, length } = typeof read.value === 'bigint' ? { address: read.value, length: 128 } : read.value;
    const prefix = prefixOf(address, length);
    prefixes.push(prefix.address === address ? prefix : prefixOf(address, 128));
  }
  return succeed(prefixes);
}

/** What `ip=` says, unless the configuration gives any of it to another interface. */
export function judgeStoreAddresses(
  config: XenConfig,
  vif: Vif,
  prefixes: readonly Prefix[],
): Result<readonly Prefix[]> {
  const own = matchGuest(config, vif)?.interface;
  for (const { interfaces } of config.guests) {
    for (const other of interfaces) {
      if (other === own) continue;
      const taken = [
        ...other.prefixes,
        ...other.routed,
        ...other.addresses.map((address) => ({ address, length: 128 })),
      ];
      for (const prefix of prefixes) {
        const same = taken.find((each) => overlap(each, prefix));
        if (!same) continue;
        return fail({
          code: 'config-overlap',
          message: `"ip=" of xl.cfg has ${formatPrefix(prefix)}, and the configuration gives ${formatPrefix(same)} to another guest`,
          mend: 'Give one of them another.',
        });
      }
    }
  }
  return succeed(prefixes);
}
