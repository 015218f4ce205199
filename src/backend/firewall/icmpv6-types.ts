/** The names that nft and ip6tables have for ICMPv6 types (the numbers are IANA's). */
const types: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'ttl-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'router-solicitation': 133,
  'nd-router-advert': 134,
  'router-advertisement': 134,
  'nd-neighbor-solicit': 135,
  'neighbour-solicitation': 135,
  'neighbor-solicitation': 135,
  'nd-neighbor-advert': 136,
  'neighbour-advertisement': 136,
  'neighbor-advertisement': 136,
  'nd-redirect': 137,
  redirect: 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
};

/** By name or number; undefined for a name not known here. */
export function readIcmpv6Type(text: string | number): number | undefined {
  if (typeof text === 'number') return text;
  return /^\d+$/.test(text) ? Number(text) : types[text];
}

/** One name for each way to write the protocol that decides over ports and types. */
export function readProtocol(text: string | number): string {
  const name = String(text).toLowerCase();
  const numbers: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '58': 'icmpv6', ipv6: '41' };
  return name === 'ipv6-icmp' ? 'icmpv6' : (numbers[name] ?? name);
}
