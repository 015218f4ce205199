import type { RelayLine } from '../../engine/doctor/tunnel/tunnel-facts.ts';

/**
 * Lines of interfaces(5) that send packets to the relay anycast that RFC 7526 withdrew: a stanza of method `6to4`, which always
 * adds such a route (ifupdown's inet6.defn), or its address anywhere.
 */
export function findRelayLines(path: string, text: string): RelayLine[] {
  return text.split('\n').flatMap((line, index) => {
    const plain = line.trim();
    if (plain.startsWith('#')) return [];
    const leads = /^iface\s+\S+\s+inet6\s+6to4\b/.test(plain) || /(?<![\d.])192\.88\.99\.\d/.test(plain);
    return leads ? [{ path, line: index + 1, text: plain.replaceAll(/\s+/g, ' ') }] : [];
  });
}
