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
    const label = local.map(({ prefix }) => `label ${formatPrefix(prefix)} 1`).join(', ');
    return [warning(id, found, `Where it matters, add to the default labels in /etc/gai.conf of the host: ${label}`)];
  },
};
