import { parseIpv6 } from '../../src/core/ipv6.ts';

/**
 * A command that sends one packet of IPv4 protocol 41 with an empty IPv6 packet in it, and with options of IPv4 where asked
 * for. By perl, which every Debian has: Node cannot open raw sockets.
 */
export function rawPacket(packet: { from: string; to: string; inner: string; options?: boolean }): string {
  const inner = parseIpv6(packet.inner);
  if (!inner.ok) throw new Error(inner.problem.message);
  const source = inner.value.toString(16).padStart(32, '0');
  // Version 6, no payload, no next header, hop limit 64.
  const ipv6 = `6000000000003b40${source}${'0'.repeat(31)}1`;
  const option = packet.options ? 'setsockopt(S, 0, 4, pack("H*", "01010101")) or die $!;' : '';
  return (
    `perl -MSocket -e 'socket(S, AF_INET, SOCK_RAW, 41) or die $!; ${option}` +
    `bind(S, sockaddr_in(0, inet_aton("${packet.from}"))) or die $!;` +
    `send(S, pack("H*", "${ipv6}"), 0, sockaddr_in(0, inet_aton("${packet.to}"))) or die $!'`
  );
}
