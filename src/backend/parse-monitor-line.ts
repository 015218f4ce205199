import { parsePrefix, formatPrefix } from '../core/prefix.ts';

/** A line of `ip -6 -o monitor prefix link route`, as far as an uplink is concerned. */
export type MonitorLine =
  | {
      readonly about: 'prefix';
      readonly interface: string;
      /** Canonical. */
      readonly prefix: string;
      /** In seconds, as announced. */
      readonly valid: number;
      readonly preferred: number;
    }
  | { readonly about: 'link'; readonly interface: string; readonly carrier: boolean };

/**
 * Reads a line; undefined where it says nothing of these. iproute2 6.1 prints no blank between prefix and "dev":
 *
 *     prefix 2001:db8:a:aa00::/64dev eth0 valid 7200 preferred 3600
 *     2001:db8:b:bb00::/64 dev eth0 proto kernel metric 256 expires 7200sec pref medium
 *     2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default \    link/ether ...
 *
 * The route to an announced link stands for its announcement: the kernel tells of a prefix only when it could make an
 * address of it, and it makes 16 on an interface (max_addresses) of which old ones stay for two hours (RFC 4862 5.5.3).
 * The carrier is LOWER_UP without NO-CARRIER: a veth shows both for a moment after its peer went down.
 */
export function parseMonitorLine(line: string): MonitorLine | undefined {
  const announced =
    /^(?:\S+ )?prefix ([0-9a-fA-F:.]+\/\d{1,3}) ?dev (\S+) .*?valid (\d{1,10}) preferred (\d{1,10})/.exec(line);
  if (announced) {
    const prefix = parsePrefix(announced[1]!);
    if (!prefix.ok) return undefined;
    return {
      about: 'prefix',
      interface: announced[2]!,
      prefix: formatPrefix(prefix.value),
      valid: Number(announced[3]),
      preferred: Number(announced[4]),
    };
  }
  const route = /^(\S+\/\d{1,3}) dev (\S+) proto kernel .*\bexpires (\d{1,10})sec/.exec(line);
  if (route) {
    const prefix = parsePrefix(route[1]!);
    if (!prefix.ok) return undefined;
    const lifetime = Number(route[3]);
    return {
      about: 'prefix',
      interface: route[2]!,
      prefix: formatPrefix(prefix.value),
      valid: lifetime,
      preferred: lifetime,
    };
  }
  const link = /^\d+: ([^\s:@]+)(?:@[^\s:]+)?: <([^>]*)>/.exec(line);
  if (!link) return undefined;
  const flags = link[2]!.split(',');
  return { about: 'link', interface: link[1]!, carrier: flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER') };
}
