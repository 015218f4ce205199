import { shellWord } from '../../core/shell-word.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';
import { lanSubnets } from './lan-interfaces.ts';
import { setSetting } from './set-setting.ts';

/** RFC 8200 section 5. Linux takes IPv6 away from an interface with less. */
const smallest = 1280;

/**
 * What an interface takes, and for IPv6 less than that where an advertisement of the provider's router says so (RFC 4861 section 4.6.4),
 * unless `accept_ra_mtu` is off: then packets of the size between are lost and nobody is told.
 */
export const mtu: Check = {
  id: 'mtu',
  group: 'interfaces',
  needsConfig: true,
  judge(facts, config) {
    const uplinks = config.uplinks.map((uplink) => uplink.interface);
    const lans = lanSubnets(config).map((subnet) => subnet.interface);
    return [...new Set([...uplinks, ...lans])].flatMap((name) => judgeLink(facts, name, uplinks.includes(name)));
  },
};

function judgeLink({ interfaces, settings }: HostFacts, name: string, isUplink: boolean): Finding[] {
  const id = `mtu:${name}`;
  if (!interfaces.known) return [unknown(id, `the MTU of ${name}`, interfaces.why)];
  const present = interfaces.value.find((each) => each.name === name);
  if (!present) return [];
  const takes = `${name} takes packets of up to ${present.mtu} bytes`;
  if (present.mtu < smallest) {
    return [problem(id, `${takes}, and IPv6 needs ${smallest}`, `ip link set dev ${shellWord(name)} mtu ${smallest}`)];
  }
  const heeds = `net/ipv6/conf/${name}/accept_ra_mtu`;
  const hears = settings.get(`net/ipv6/conf/${name}/accept_ra`);
  if (isUplink && settings.get(heeds) === 0 && hears !== 0) {
    const found = `${takes}, and what the provider's router says of the largest packet is not heeded`;
    return [warning(id, found, setSetting(heeds, 1))];
  }
  const ofIpv6 = settings.get(`net/ipv6/conf/${name}/mtu`);
  if (ofIpv6 === undefined || ofIpv6 >= present.mtu) return [ok(id, takes)];
  return [ok(id, `${takes}, of IPv6 up to ${ofIpv6}`)];
}
