import { formatIpv6 } from '../../core/ipv6.ts';
import { contains } from '../../core/prefix.ts';
import { ok, unknown, warning, type Check } from './finding.ts';

export const sourceAddress: Check = {
  id: 'source-address',
  group: 'interfaces',
  needsConfig: true,
  judge({ ownSource }, config) {
    const id = 'source-address';
    if (!ownSource.known) return [unknown(id, 'the address that this router uses itself', ownSource.why)];
    if (ownSource.value === null)
      return [unknown(id, 'the address that this router uses itself', 'it has no route out')];
    const text = formatIpv6(ownSource.value);
    const address = ownSource.value;
    const inside = address >> 121n === 0x7en || config.networks.some(({ prefix }) => contains(prefix, address));
    if (!inside) return [ok(id, `this router itself uses ${text} towards the Internet`)];
    const found = `this router itself uses its inside address ${text} towards the Internet: it gets out only while a mapping is in force`;
    return [
      warning(
        id,
        found,
        'Let the uplink have an address of its own, or look for a route with that address as its src.',
      ),
    ];
  },
};
