import { formatIpv4 } from '../../../core/ipv4.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from '../finding.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';
import { setMtu } from './tunnel-commands.ts';
import { largestForAll, outerHeader } from './tunnel-path.ts';

export const tunnelMtu: Check = {
  id: 'tunnel-mtu',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) => eachTunnel('tunnel-mtu', facts, judge),
};

function judge({ tunnel, carrier }: SeenTunnel, id: string): Finding {
  const { name, mtu, pmtudisc, path } = tunnel;
  const safe = setMtu(name, largestForAll);
  if (mtu < largestForAll) {
    return problem(id, `${name} takes packets of up to ${mtu} bytes, and IPv6 needs ${largestForAll}`, safe);
  }
  if (mtu === largestForAll) return ok(id, `the MTU of ${name}, ${mtu}, passes every path`);
  if (!pmtudisc) return ok(id, `packets of ${name} may be fragmented on their way`);
  if (carrier && mtu + outerHeader > carrier.mtu) {
    const found = `${name} takes packets of up to ${mtu} bytes, and ${carrier.name} carries ${carrier.mtu - outerHeader} inside IPv4`;
    return problem(id, found, setMtu(name, Math.max(largestForAll, carrier.mtu - outerHeader)));
  }
  if (!path) {
    const found = `whether all paths carry packets of ${mtu} bytes in ${name} cannot be measured from here: where one does not and ICMP is filtered, connections open and hang`;
    return { id, result: 'unknown', found, mend: `${safe}; that passes every path` };
  }
  if (!path.known) return unknown(id, `the path of ${name}`, path.why);
  const { peer, whole, small, told } = path.value;
  const to = formatIpv4(peer);
  if (whole) return ok(id, `the path to ${to} carries the packets of ${name}, ${mtu} bytes inside IPv4`);
  if (told !== undefined && told - outerHeader >= largestForAll) {
    const found = `the path to ${to} carries ${told} bytes, and ${name} sends up to ${mtu + outerHeader}: the first packet of each size is lost`;
    return warning(id, found, setMtu(name, told - outerHeader));
  }
  if (!small)
    return { id, result: 'unknown', found: `the path to ${to} could not be measured: it answers no ping`, mend: null };
  const found = `the path to ${to} swallows packets of ${mtu + outerHeader} bytes without a word: connections through ${name} open and hang`;
  return problem(id, found, safe);
}
