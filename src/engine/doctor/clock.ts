import { ok, problem, warning, type Check } from './finding.ts';

/** When this was written: a clock that shows less was never set. */
const earliest = Date.UTC(2026, 10, 1);
/** In milliseconds; clocks are adjusted by less all the time. */
const tolerance = 5000;

const mend = 'timedatectl set-ntp true  # or run another NTP client';

export const clock: Check = {
  id: 'clock',
  group: 'this machine',
  needsConfig: false,
  judge({ now, clockKept, daemon, delegations }) {
    const time = new Date(now).toISOString();
    if (now < earliest) {
      return [
        problem('clock', `the clock says ${time}, which is before sixgate was made: lifetimes end wrongly`, mend),
      ];
    }
    const written = daemon.known && daemon.value ? [Date.parse(daemon.value.report.written)] : [];
    const since = delegations.known ? delegations.value.map((delegation) => delegation.since) : [];
    const latest = Math.max(0, ...written, ...since);
    if (latest > now + tolerance) {
      const found = `the clock says ${time}, but what sixgate stored is from ${new Date(latest).toISOString()}: it went back`;
      return [warning('clock', found, mend)];
    }
    if (clockKept === false) {
      const found = `nobody keeps the clock set (${time}): it drifts, and times in logs and certificates are off`;
      return [warning('clock', found, mend)];
    }
    return [ok('clock', time)];
  },
};
