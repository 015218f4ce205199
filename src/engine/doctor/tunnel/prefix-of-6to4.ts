import { ipv4PrefixOf } from '../../../core/ipv4-prefix.ts';
import { formatIpv4, ipv4FromNumber, type Ipv4Address } from '../../../core/ipv4.ts';
import { formatIpv6 } from '../../../core/ipv6.ts';
import { covers, formatPrefix } from '../../../core/prefix.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { ipv4OfSixToFour, sixToFourPrefix, sixToFourPrefixOf } from '../../../core/sixtofour.ts';
import { ok, problem, type Finding } from '../finding.ts';
import { describeIpv4, isPublicIpv4 } from './public-ipv4.ts';
import type { SeenTunnel } from './seen-tunnel.ts';
import { addSite, generateSixToFour } from './tunnel-commands.ts';

const allSites = sixToFourPrefixOf(ipv4PrefixOf(ipv4FromNumber(0), 0));

/** `outside`: the IPv4 address that others see, where that is known. */
export function judgeSixToFour(seen: SeenTunnel, id: string, outside: Ipv4Address | undefined): Finding {
  const { tunnel, addresses, own } = seen;
  const { name, local } = tunnel;
  const sites = addresses.flatMap((each) => {
    const site = ipv4OfSixToFour(each.address);
    return site === undefined ? [] : [{ ...each, site }];
  });
  const [first] = sites;
  if (!first) return judgeNone(seen, id, outside);
  const martian = sites.find(({ site }) => !isPublicIpv4(site));
  if (martian) {
    const found = `${formatIpv6(martian.address)} on ${name} is made of ${describeIpv4(martian.site)}: other sites drop all that comes from it`;
    return problem(
      id,
      found,
      outside === undefined ? generateSixToFour(name, undefined, local) : addSite(name, outside, [martian]),
    );
  }
  const wrong = outside === undefined ? undefined : sites.find(({ site }) => site !== outside);
  if (wrong && outside !== undefined) {
    const found = `${formatIpv6(wrong.address)} on ${name} is made of ${formatIpv4(wrong.site)}, and others see ${formatIpv4(outside)}: they drop all that comes from it`;
    return problem(id, found, addSite(name, outside, [wrong]));
  }
  const neighbours = judgeNeighbours(seen, id);
  if (neighbours) return neighbours;
  const { site } = first;
  const prefix = formatPrefix(sixToFourPrefix(site));
  if (outside !== undefined || own.includes(site)) return ok(id, `${prefix} is that of ${formatIpv4(site)}`);
  return {
    id,
    result: 'unknown',
    found: `${prefix} is that of ${formatIpv4(site)}; whether the gateway has that address cannot be seen from here`,
    mend: `Compare it with the gateway's. In the configuration, an uplink with interface: ${name} and prefix: { from: 6to4, ipv4: ${formatIpv4(site)} } says that it is so.`,
  };
}

/** Of a public address the kernel itself sees what is for this site; behind NAT it goes by the tunnel's addresses. */
function judgeNone(seen: SeenTunnel, id: string, outside: Ipv4Address | undefined): Finding {
  const { tunnel, elsewhere } = seen;
  const { name, local } = tunnel;
  const inside = elsewhere.flatMap((each) => {
    const site = ipv4OfSixToFour(each.address);
    return site === undefined || !isPublicIpv4(site) ? [] : [{ ...each, site }];
  });
  const site = outside ?? inside[0]?.site;
  if (outside !== undefined && outside === local && inside.some((each) => each.site === outside)) {
    return judgeNeighbours(seen, id) ?? ok(id, `${inside[0]?.interface} has ${formatPrefix(sixToFourPrefix(outside))}`);
  }
  const why =
    site !== undefined && site !== local ? ': behind NAT the kernel drops all that comes in (sit: Dst spoofed)' : '';
  const found = `${name} has no address of ${site === undefined ? '2002::/16' : formatPrefix(sixToFourPrefix(site))}${why}`;
  return problem(id, found, site === undefined ? generateSixToFour(name, undefined, local) : addSite(name, site));
}

function judgeNeighbours({ tunnel: { name, routes } }: SeenTunnel, id: string): Finding | undefined {
  if (!routes.known)
    return { id, result: 'unknown', found: `the routes through ${name} could not be read: ${routes.why}`, mend: null };
  if (routes.value.some(({ prefix }) => covers(prefix, allSites))) return undefined;
  const found = `there is no route to other 6to4 sites through ${name}`;
  return problem(id, found, `ip -6 route add 2002::/16 dev ${shellWord(name)}  # and where the tunnel is configured`);
}
