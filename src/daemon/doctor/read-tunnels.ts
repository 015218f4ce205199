import { listTunnelEntries, parseTunnelEntries } from '../../backend/conntrack/parse-tunnel-entries.ts';
import { findRelayLines } from '../../backend/ifupdown/find-relay-lines.ts';
import { listRoutesThrough, listUnreachable, parseTunnelRoutes } from '../../backend/ip/parse-tunnel-routes.ts';
import { listTunnels, parseTunnels } from '../../backend/ip/parse-tunnels.ts';
import { parseProbe, probePath, type ProbeAnswer } from '../../backend/ping/path-probe.ts';
import type { Ipv4Address } from '../../core/ipv4.ts';
import type { InterfaceFact } from '../../engine/doctor/host-facts.ts';
import { translatesTunnels } from '../../engine/doctor/tunnel/nat-rules.ts';
import { largestForAll, outerHeader, peerOf } from '../../engine/doctor/tunnel/tunnel-path.ts';
import type {
  PathFact,
  RelayLine,
  TunnelFact,
  TunnelFacts,
  TunnelLink,
} from '../../engine/doctor/tunnel/tunnel-facts.ts';
import { isInUse } from '../../engine/doctor/tunnel/seen-tunnel.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Files, Host, Processes } from '../../host/host.ts';
import { knownFact, readFact, unknownFact } from './read-fact.ts';
import { readFirewall } from './read-firewall.ts';

/** Everything about IPv6 in IPv4. Nobody is sent anything except the peer that a tunnel has: four echo requests. */
export async function readTunnels(host: Host, interfaces: Read<readonly InterfaceFact[]>): Promise<TunnelFacts> {
  const { processes, files } = host;
  // A kernel without sit has none, and may say so by an error.
  const read = await readFact(processes, listTunnels, parseTunnels);
  const links = (read.known ? read.value : []).filter((link) => isInUse(link, interfaces));
  const ipv4Firewall = await readFirewall(host, 'ipv4');
  const [tunnels, unreachable, entries, relayLines] = await Promise.all([
    Promise.all(links.map((link) => readTunnel(processes, link))),
    links.length === 0
      ? knownFact([])
      : readFact(processes, listUnreachable, (text) => {
          const routes = parseTunnelRoutes(text);
          return routes.known ? knownFact(routes.value.map(({ prefix }) => prefix)) : routes;
        }),
    ipv4Firewall.known && translatesTunnels(ipv4Firewall.value)
      ? readFact(processes, listTunnelEntries, (text) => knownFact(parseTunnelEntries(text)))
      : knownFact([]),
    links.length === 0 ? [] : readRelayLines(files),
  ]);
  return { tunnels, unreachable, ipv4Firewall, entries, relayLines };
}

async function readTunnel(processes: Processes, link: TunnelLink): Promise<TunnelFact> {
  const routes = await readFact(processes, listRoutesThrough(link.name), parseTunnelRoutes);
  const tunnel = { ...link, routes };
  const peer = peerOf(tunnel);
  if (peer === undefined || !link.up || !link.pmtudisc || link.mtu <= largestForAll) return tunnel;
  return { ...tunnel, path: await readPath(processes, peer, link.mtu) };
}

/** Both sizes at once: that takes a second at most. */
async function readPath(processes: Processes, peer: Ipv4Address, mtu: number): Promise<Read<PathFact>> {
  const probe = async (size: number): Promise<Read<ProbeAnswer>> => {
    const ran = await processes.run({ argv: probePath(peer, size), timeout: 6000 });
    if (!ran.ok) return unknownFact(ran.problem);
    const { code, stdout, stderr } = ran.value;
    // 1: no answer; 2: it could not ask.
    if (code > 1) return { known: false, why: stderr.trim().split('\n')[0] ?? '' };
    return knownFact(parseProbe(stdout + stderr));
  };
  const [whole, small] = await Promise.all([mtu, largestForAll].map((size) => probe(size + outerHeader)));
  if (!whole?.known) return whole ?? { known: false, why: '' };
  if (!small?.known) return small ?? { known: false, why: '' };
  const { told } = whole.value;
  return knownFact({
    peer,
    whole: whole.value.answered,
    small: small.value.answered,
    ...(told !== undefined && { told }),
  });
}

/** Of the files that ifupdown reads by default on Debian. */
async function readRelayLines(files: Files): Promise<RelayLine[]> {
  const directory = '/etc/network/interfaces.d';
  const names = await files.list(directory);
  const paths = ['/etc/network/interfaces', ...(names.ok ? names.value.map((name) => `${directory}/${name}`) : [])];
  const lines = await Promise.all(
    paths.map(async (path) => {
      const text = await files.read(path);
      return text.ok && text.value !== undefined ? findRelayLines(path, text.value) : [];
    }),
  );
  return lines.flat();
}
