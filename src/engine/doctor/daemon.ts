import { formatAge } from '../format-report.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { DaemonFact, HostFacts } from './host-facts.ts';

const start = 'systemctl start sixgate  # or: sixgate run';

export const daemon: Check = {
  id: 'daemon',
  group: 'sixgate',
  needsConfig: false,
  judge(facts) {
    const read = facts.daemon;
    if (!read.known) return [unknown('daemon', 'the state of the daemon', read.why)];
    if (!read.value) return [problem('daemon', 'sixgate is not running: no change of the prefix is followed', start)];
    return judge(facts, read.value);
  },
};

function judge({ now, version }: HostFacts, { report, alive }: DaemonFact): Finding[] {
  if (!alive) {
    const age = formatAge(now - Date.parse(report.written));
    return [problem('daemon', `sixgate is not running: the last word of it is ${age} old`, start)];
  }
  const { pid, version: running } = report.daemon;
  const runs =
    running === version
      ? ok('daemon', `sixgate ${running} is running (process ${pid})`)
      : warning('daemon', `sixgate ${running} is running, and this is ${version}`, 'systemctl restart sixgate');
  return [
    runs,
    ...report.problems.map(({ code, message, mend, since }) =>
      warning(`daemon:${code}`, `since ${since} it says: ${message}`, mend ?? 'See docs/errors.md.'),
    ),
  ];
}
