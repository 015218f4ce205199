import { parseIpv4 } from '../../core/ipv4.ts';
import type { TunnelEntry } from '../../engine/doctor/tunnel/tunnel-facts.ts';

/** Entries of IPv6 in IPv4. */
export const listTunnelEntries = ['conntrack', '-L', '-f', 'ipv4', '-p', '41'] as const;

/** Reads what `listTunnelEntries` prints (conntrack 1.4.7). Lines of another form are passed over. */
export function parseTunnelEntries(text: string): TunnelEntry[] {
  return [...text.matchAll(/ src=(\S+) dst=(\S+)(?: .*?)? src=(\S+) dst=(\S+)/g)].flatMap(([, ...words]) => {
    const [source, destination, replySource, replyDestination] = words.map((word) => parseIpv4(word));
    if (!source?.ok || !destination?.ok || !replySource?.ok || !replyDestination?.ok) return [];
    const translated = replySource.value !== destination.value || replyDestination.value !== source.value;
    return [{ source: source.value, destination: destination.value, translated }];
  });
}
