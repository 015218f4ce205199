import { parseInterfaceName, type InterfaceName } from '../../core/interface-name.ts';
import { quote } from '../../core/quote.ts';
import { fail, type Result } from '../../core/result.ts';

/**
 * An interface name that means the same in every grammar that is generated (INI, YAML, shell, uci, nftables, file
 * names): letters, digits, ".", "_" and "-", the first a letter or digit.
 */
export function parsePlainName(text: string): Result<InterfaceName> {
  const name = parseInterfaceName(text);
  if (!name.ok) return name;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) && !reserved.includes(text)) return name;
  return fail({
    code: 'interface-name',
    message: reserved.includes(text)
      ? `${quote(text)} already has a meaning of its own`
      : `${quote(text)} has characters that configuration files would read as something else`,
    mend: 'Take a name of letters, digits, ".", "_" and "-".',
  });
}

/** Directories of /proc/sys/net/ipv6/conf, and the devices that the tunnel modules make themselves. */
const reserved = ['all', 'default', 'lo', 'sit0', 'tunl0', 'ip6tnl0'];
