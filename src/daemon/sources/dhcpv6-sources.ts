import { randomBytes } from 'node:crypto';
import { parseMonitorLine, type MonitorLine } from '../../backend/parse-monitor-line.ts';
import type { OwnClientSource } from '../../engine/config.ts';
import { readLinkIdentity } from '../../host/link-local.ts';
import { openUdpSocket } from '../../host/udp-socket.ts';
import { keepFollowing } from '../keep-following.ts';
import { readAnnounced } from './read-announced.ts';
import { startDhcpv6Source, type Dhcpv6Source } from './dhcpv6-source.ts';
import type { Source, SourcesOptions } from './source.ts';

/** Starts the clients of our own, for all uplinks that have one; they share one monitor of the kernel. */
export function startDhcpv6Sources(options: SourcesOptions): Source {
  const { host, log } = options;
  const byInterface = new Map<string, { readonly client: Dhcpv6Source; readonly source: OwnClientSource }>();
  for (const { name, interface: at, source } of options.config.uplinks) {
    if (source.from !== 'dhcpv6') continue;
    const client = startDhcpv6Source({
      host,
      access: { readLinkIdentity, openUdpSocket },
      paths: options.paths,
      interface: at,
      source,
      random: randomBytes,
      held: () => options.held(name),
      log,
      onReport: (report) => options.onReport(name, report),
      onProblem: (problem) => options.onProblem(`dhcpv6 ${name}`, problem),
    });
    byInterface.set(at, { client, source });
  }
  if (byInterface.size === 0) return { stop: async () => {} };

  const clientOf = (text: string, tell: (client: Dhcpv6Source, line: MonitorLine) => void): void => {
    const line = parseMonitorLine(text);
    const found = line && byInterface.get(line.interface);
    if (found) tell(found.client, line);
  };
  // What routers announced before is no news; an answer that comes first costs nothing but a question too many.
  const begun = readAnnounced(host).then((announced) => {
    for (const text of announced) clientOf(text, (client, line) => client.learn(line));
  });
  const monitor = keepFollowing(
    host,
    ['ip', '-6', '-o', 'monitor', 'prefix', 'link', 'route', 'address'],
    (text) => {
      // An address of its own link came, went or passed its test for uniqueness.
      const name = / inet6 fe80:/.test(text) ? /\d+: (\S+) /.exec(text)?.[1] : undefined;
      if (name !== undefined) byInterface.get(name)?.client.look();
      else clientOf(text, (client, line) => client.note(line));
    },
    (how) => {
      log.warn(`the monitor of router advertisements had a gap: ${how}`);
      for (const { client } of byInterface.values()) {
        client.look();
        client.kick('what routers announced meanwhile was not seen');
      }
    },
  );
  return {
    async stop(how) {
      await begun;
      await monitor.stop();
      const ending = how === 'ending';
      await Promise.all([...byInterface.values()].map(({ client, source }) => client.stop(ending && source.release)));
    },
  };
}
