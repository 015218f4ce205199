import { parseLeaseReport } from '../../backend/dhcpcd/parse-lease-report.ts';
import type { MonitorLine } from '../../backend/parse-monitor-line.ts';
import { formatPrefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import type { LeaseReport } from '../../engine/delegation.ts';
import { ageReport } from '../../engine/age-report.ts';
import type { Host } from '../../host/host.ts';
import type { Log } from '../log.ts';
import { createAnnouncements } from './announcements.ts';
import { createDhcpcdKick } from './dhcpcd-kick.ts';
import { startDhcpcdListener } from './dhcpcd-listener.ts';
import { createReportFilter, type Way } from './report-filter.ts';

export interface DhcpcdSourceOptions {
  readonly host: Host;
  readonly interface: string;
  /** Where dhcpcd keeps sockets and pid files. */
  readonly dhcpcdDir: string;
  readonly log: Log;
  onReport(report: LeaseReport): void;
  onProblem(problem: Problem | undefined): void;
}

export interface DhcpcdSource {
  /** An environment that came by one of the ways, `age` seconds after the event; others' interfaces are passed over. */
  hear(way: Way, text: string, age: number): void;
  /** A line of what the kernel knew of this interface before the monitor began. */
  learn(line: MonitorLine): void;
  /** A line of the kernel's monitor about this interface. */
  note(line: MonitorLine): void;
  /** Makes the client ask its server now. */
  kick(why: string): void;
  stop(): void;
}

/** What dhcpcd would have told when it was bound before we came; a running exchange tells it by itself. */
const learnAfter = 250;
/** dhcpcd asks by itself when the carrier is back, with `nodelay` at once. */
const carrierPatience = 300;
/** How often a router's mere presence makes a client ask that holds nothing. */
const solicitInterval = 10_000;

/** The prefix source `dhcpcd` of one uplink: reports by two ways in, and what makes the client ask sooner. */
export function startDhcpcdSource(options: DhcpcdSourceOptions): DhcpcdSource {
  const { host, log } = options;
  const filter = createReportFilter();
  const announcements = createAnnouncements();
  const kicker = createDhcpcdKick({ host, directory: options.dhcpcdDir, interface: options.interface, log });
  /** The prefixes of the last Reply, undefined while the client holds none. */
  let bound: string | undefined;
  let lastPresenceKick = -Infinity;
  let refusedBefore = '';

  function hear(way: Way, text: string, age: number): void {
    const read = parseLeaseReport(text);
    if (!read.ok) {
      if (read.problem.message !== refusedBefore) log.warn(read.problem.message);
      refusedBefore = read.problem.message;
      return;
    }
    const report = read.value;
    if (report.interface !== options.interface) return;
    if (!filter.isNews(way, keyOf(report), host.clock.monotonic())) {
      if (report.prefixes.length > 0) kicker.answered(false);
      return;
    }
    followState(report);
    options.onReport(ageReport(report, age));
  }

  function followState(report: LeaseReport): void {
    if (report.released || report.reason === 'EXPIRE6') bound = undefined;
    if (report.prefixes.length === 0) return;
    const prefixes = report.prefixes
      .filter(({ validLifetime }) => validLifetime > 0)
      .map(({ prefix }) => formatPrefix(prefix))
      .toSorted()
      .join(' ');
    kicker.answered(prefixes !== bound);
    bound = prefixes === '' ? undefined : prefixes;
  }

  const listener = startDhcpcdListener({
    host,
    directory: options.dhcpcdDir,
    interface: options.interface,
    onEnvironment: (text) => hear('socket', text, 0),
    onConnected: () => kicker.kick('to learn what it holds', 'answer', learnAfter),
    onProblem: (problem) => options.onProblem(problem),
  });

  return {
    hear,
    learn: (line) => announcements.learn(line),
    note(line) {
      const now = host.clock.monotonic();
      const news = announcements.note(line);
      if (!news) return;
      if (news.is === 'carrier-back') kicker.kick('the carrier is back', 'answer', carrierPatience);
      else if (news.is === 'new-prefix') kicker.kick(`a router announces ${news.prefix}`, 'change');
      else if (news.is === 'withdrawn') kicker.kick(`a router withdraws ${news.prefix}`, 'change');
      else if (bound === undefined && now - lastPresenceKick >= solicitInterval) {
        lastPresenceKick = now;
        kicker.kick('a router is there and no prefix', 'answer');
      }
    },
    kick: (why) => kicker.kick(why, 'answer'),
    stop() {
      listener.stop();
      kicker.stop();
    },
  };
}

/** A text that is equal for reports of the same content. */
function keyOf(report: LeaseReport): string {
  const prefixes = report.prefixes.map((reported) => ({ ...reported, prefix: formatPrefix(reported.prefix) }));
  return JSON.stringify({ ...report, prefixes });
}
