import { covers, formatPrefix } from '../../../core/prefix.ts';
import { sixToFourMartians, type Martian } from '../../../core/sixtofour-martians.ts';
import { ok, unknown, warning, type Check, type Finding } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { isPublicIpv4 } from './public-ipv4.ts';
import { judgeStop } from './judge-stop.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';

/** What this host sends to sites that there cannot be: the kernel would put it on the wire to 10.0.0.1 or 127.0.0.1. */
export const tunnelMartians: Check = {
  id: 'tunnel-martians',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) =>
    eachTunnel('tunnel-martians', facts, (seen, id) => (seen.kind === '6to4' ? judge(facts, seen, id) : [])),
};

function judge(
  { firewall, tunnelling: { unreachable } }: HostFacts,
  { tunnel: { name } }: SeenTunnel,
  id: string,
): Finding {
  if (!unreachable.known) return unknown(id, 'the unreachable routes', unreachable.why);
  const open = sixToFourMartians.filter(
    ({ ipv4, prefix }) => !isPublicIpv4(ipv4.address) && !unreachable.value.some((each) => covers(each, prefix)),
  );
  const passing = firewall.known
    ? open.filter((martian) => ['output', 'forward'].some((hook) => !stops(hook, martian)))
    : open;
  const [first] = passing;
  if (!first) return ok(id, `nothing leaves through ${name} for addresses that no site has`);
  const found = `packets for ${formatPrefix(first.prefix)} leave through ${name} for an IPv4 address that is ${first.what}`;
  const more = passing.length > 1 ? ` (and ${passing.length - 1} more such prefixes)` : '';
  const list = passing.map(({ prefix }) => formatPrefix(prefix)).join(' ');
  return warning(id, found + more, `for each in ${list}; do ip -6 route add unreachable $each; done`);

  function stops(hook: string, { prefix }: Martian): boolean {
    const fields = { family: { text: 'ipv6' }, oifname: { text: name }, destination: { prefix } };
    return firewall.known && judgeStop(firewall.value, { hooks: [hook], fields }) === 'yes';
  }
}
