import { formatIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import { formatPrefix, prefixOf } from '../../core/prefix.ts';
import { formatYaml, type YamlValue } from '../syntax/yaml.ts';

/** A guest whose gateway is an address in its prefix. */
export interface ImportedGuest {
  readonly name: string;
  readonly gateway: Ipv6Address;
  readonly length: number;
}

/** The guests as a file for conf.d. */
export function formatGuests(guests: readonly ImportedGuest[], from: string): string {
  const entries = guests.map(({ name, gateway, length }) => [
    name,
    { prefixes: [formatPrefix(prefixOf(gateway, length))], gateway: formatIpv6(gateway) },
  ]);
  const head = `# What ${from.replaceAll(/[^ -~]/g, '?')} says, by "sixgate xen import".\n`;
  return head + formatYaml({ xen: { guests: Object.fromEntries(entries) as Readonly<Record<string, YamlValue>> } });
}
