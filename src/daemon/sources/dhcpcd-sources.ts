import { isHookEvent } from '../../backend/hook/parse-hook-event.ts';
import { parseMonitorLine, type MonitorLine } from '../../backend/parse-monitor-line.ts';
import { keepFollowing } from '../keep-following.ts';
import { eventsPath } from '../paths.ts';
import { startDhcpcdSource, type DhcpcdSource } from './dhcpcd-source.ts';
import { startEventDirectory } from './event-directory.ts';
import { readAnnounced } from './read-announced.ts';
import type { Source, SourcesOptions } from './source.ts';

/**
 * Starts the sources of all uplinks that dhcpcd serves; they share the hook's directory and one monitor of the kernel.
 * `onOther` gets what hooks of other clients left in that directory.
 */
export function startDhcpcdSources(options: SourcesOptions, onOther: (text: string, age: number) => void): Source {
  const { host, log } = options;
  const uplinks = options.config.uplinks.filter(({ source }) => source.from === 'dhcpcd');
  if (uplinks.length === 0) return { stop: async () => {} };

  const byInterface = new Map<string, DhcpcdSource>();
  const early: { text: string; age: number }[] = [];
  const events = startEventDirectory({
    host,
    directory: eventsPath(options.paths),
    onEnvironment(text, age) {
      if (isHookEvent(text)) onOther(text, age);
      else if (byInterface.size === 0) early.push({ text, age });
      else for (const source of byInterface.values()) source.hear('hook', text, age);
    },
    onRefused: (problem) => log.warn(problem.message),
    async kept() {
      await begun; // by then what was early is told
      await options.kept();
    },
  });
  const sourceOf = (text: string, tell: (source: DhcpcdSource, line: MonitorLine) => void): void => {
    const line = parseMonitorLine(text);
    const source = line && byInterface.get(line.interface);
    if (source) tell(source, line);
  };
  // Also when it is stopped by then: what was fetched from the directory is nowhere else. What the hook left before comes first: the socket only brings what is newer. And what routers announced before, so
  // that the next advertisement can be told from it.
  const begun = Promise.all([readAnnounced(host), events.started]).then(([announced]) => {
    for (const uplink of uplinks) {
      byInterface.set(
        uplink.interface,
        startDhcpcdSource({
          host,
          interface: uplink.interface,
          dhcpcdDir: options.dhcpcdDir,
          log,
          onReport: (report) => options.onReport(uplink.name, report),
          onProblem: (problem) => options.onProblem(`dhcpcd ${uplink.name}`, problem),
        }),
      );
    }
    for (const text of announced) sourceOf(text, (source, line) => source.learn(line));
    for (const { text, age } of early) for (const source of byInterface.values()) source.hear('hook', text, age);
  });
  const monitor = keepFollowing(
    host,
    ['ip', '-6', '-o', 'monitor', 'prefix', 'link', 'route'],
    (text) => sourceOf(text, (source, line) => source.note(line)),
    (how) => {
      log.warn(`the monitor of router advertisements had a gap: ${how}`);
      for (const source of byInterface.values()) source.kick('what routers announced meanwhile was not seen');
    },
  );
  return {
    async stop() {
      events.stop();
      await begun;
      for (const source of byInterface.values()) source.stop();
      await monitor.stop();
    },
  };
}
