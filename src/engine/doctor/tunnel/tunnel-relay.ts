import { formatIpv4 } from '../../../core/ipv4.ts';
import { formatIpv6 } from '../../../core/ipv6.ts';
import { formatPrefix } from '../../../core/prefix.ts';
import { quote } from '../../../core/quote.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from '../finding.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';
import type { RelayLine } from './tunnel-facts.ts';
import { isWithdrawnRelay, relayRoutes, type RelayRoute } from './tunnel-path.ts';

/** 192.88.99.1, the relay that was everybody's (RFC 3068), and was withdrawn (RFC 7526). */
export const tunnelRelay: Check = {
  id: 'tunnel-relay',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) => [...eachTunnel('tunnel-relay', facts, judge), ...facts.tunnelling.relayLines.map(judgeLine)],
};

const withdrawn = 'the 6to4 relay that RFC 7526 withdrew: what goes there is lost';

function judge({ tunnel, kind }: SeenTunnel, id: string): Finding {
  const { name, routes, remote } = tunnel;
  if (remote !== undefined && isWithdrawnRelay(remote)) {
    const found = `${name} ends at ${formatIpv4(remote)}, ${withdrawn}`;
    return problem(id, found, `ip tunnel del ${shellWord(name)}  # and take it out of where it is configured`);
  }
  if (!routes.known) return unknown(id, `the routes through ${name}`, routes.why);
  const dead = relayRoutes(tunnel).find(({ relay }) => isWithdrawnRelay(relay));
  if (dead) {
    const [to, via] = [formatPrefix(dead.prefix), formatGateway(dead)];
    const found = `${to} goes through ${name} by ${via}, ${withdrawn}`;
    const mend = `ip -6 route del ${to} via ${via} dev ${shellWord(name)}  # and where it is configured; a relay of your own: sixgate generate 6to4 --relay`;
    return problem(id, found, mend);
  }
  const [first] = relayRoutes(tunnel);
  if (kind === '6in4' || !first) return ok(id, `nothing goes by the withdrawn relay through ${name}`);
  return ok(id, `the relay of ${name} is ${formatIpv4(first.relay)}`);
}

/** As one writes it. */
function formatGateway({ gateway, relay }: RelayRoute): string {
  return gateway >> 32n === 0n ? `::${formatIpv4(relay)}` : formatIpv6(gateway);
}

function judgeLine({ path, line, text }: RelayLine): Finding {
  const how = text.startsWith('iface')
    ? 'which always adds a route by the withdrawn relay 192.88.99.1'
    : 'which is the withdrawn relay';
  const mend = `Replace that stanza by what "sixgate generate 6to4 --for ifupdown" prints.`;
  return warning(`tunnel-relay:${path}:${line}`, `${path}:${line} says ${quote(text)}, ${how}`, mend);
}
