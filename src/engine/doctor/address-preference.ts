import { formatPrefix } from '../../core/prefix.ts';
import { ok, unknown, warning, type Check } from './finding.ts';
import { lanSubnets } from './lan-interfaces.ts';

/** RFC 6724 section 2.1: a unique local source and a global destination differ in label, so IPv4 wins by rule 5. */
export const addressPreference: Check = {
  id: 'address-preference',
  group: 'prefix',
  needsConfig: true,
  judge({ interfaces }, config) {
    const id = 'address-preference';
    const local = config.networks.filter(({ prefix }) => prefix.address >> 121n === 0x7en);
    if (local.length === 0) return [ok(id, 'hosts take inside addresses for global ones')];
    if (!interfaces.known) return [unknown(id, 'whether inside hosts have IPv4 too', interfaces.why)];
    const lans = new Set(lanSubnets(config).map((subnet) => subnet.interface));
    const dual = interfaces.value.filter(({ name, ipv4 }) => ipv4.length > 0 && lans.has(name)).map(({ name }) => name);
    if (dual.length === 0) return [ok(id, 'there is no IPv4 inside that hosts would prefer')];
    const found = `hosts on ${dual.join(', ')} have IPv4 too and prefer it for the Internet, since their IPv6 address is unique local (RFC 6724); IPv6 works, but is used only where they choose it`;
    return [warning(id, found, cures(local.map(({ prefix }) => formatPrefix(prefix))))];
  },
};

/**
 * What can be done, cheapest first. glibc: a label in gai.conf puts all default ones away, so they stand beside it. Windows has the table of
 * RFC 6724 and lets it be extended.
 */
function cures(prefixes: readonly string[]): string {
  const linux = [...defaultLabels, ...prefixes.map((prefix) => `label ${prefix} 1`)].join(', ');
  const windows = prefixes.map((prefix) => `netsh interface ipv6 add prefixpolicy ${prefix} 45 1`).join(' & ');
  return [
    `Where it matters, tell the host that the prefix is as good as a global one. Linux, lines of /etc/gai.conf: ${linux}.`,
    `Windows: ${windows}.`,
    'Or for all hosts at once: an inside prefix that is no ULA, or global addresses of one uplink on the LAN and translation on the others; docs/concepts/ula.md has their price.',
  ].join(' ');
}

/** RFC 6724 section 2.1, as gai.conf(5) writes them: ::ffff:0:0/96 is IPv4. */
const defaultLabels = [
  'label ::1/128 0',
  'label ::/0 1',
  'label 2002::/16 2',
  'label ::/96 3',
  'label ::ffff:0:0/96 4',
  'label fec0::/10 5',
  'label fc00::/7 6',
  'label 2001:0::/32 7',
];
