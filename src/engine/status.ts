import type { Instant } from '../core/instant.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Report } from './report.ts';

/**
 * The daemon's report with what a reader can add to it.
 *
 * | state     | the process is there | the report is fresh | mappings and guard counters are                    |
 * |-----------|----------------------|---------------------|----------------------------------------------------|
 * | `running` | yes                  | yes                 | of now                                             |
 * | `silent`  | yes                  | no                  | what it last wrote: it hangs, or the clock jumped  |
 * | `stopped` | no                   |                     | what it left; the rules are still in force         |
 */
export interface Status extends Omit<Report, 'daemon'> {
  readonly daemon: Report['daemon'] & {
    readonly alive: boolean;
    readonly state: 'running' | 'silent' | 'stopped';
    /** Seconds since the report was written. */
    readonly age: number;
  };
}

/** There is no report that could be shown. */
export interface NoStatus {
  readonly schemaVersion: 1;
  readonly daemon: null;
  readonly problem: Problem;
}

/** How many reports may be late before the daemon counts as silent. */
const lateReports = 3;

export function deriveStatus(report: Report, alive: boolean, now: Instant): Status {
  const age = Math.max(0, Math.round((now - Date.parse(report.written)) / 100) / 10);
  const fresh = age <= lateReports * report.daemon.reportsEvery;
  const state = alive ? (fresh ? 'running' : 'silent') : 'stopped';
  return { ...report, daemon: { ...report.daemon, alive, state, age } };
}

export function noStatus(problem: Problem): NoStatus {
  return { schemaVersion: 1, daemon: null, problem };
}

/** Reads what a daemon wrote into `path`; `text` is undefined where there is no such file. */
export function parseReport(text: string | undefined, path: string): Result<Report> {
  if (text === undefined) {
    return fail({
      code: 'daemon-missing',
      message: `no daemon has written ${path} yet`,
      mend: 'Start it: "sixgate run", or systemctl start sixgate.',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(unreadable(path, 'it is not JSON'));
  }
  if (typeof value !== 'object' || value === null) return fail(unreadable(path, 'it is not an object'));
  const report = value as Partial<Report>;
  if (report.schemaVersion !== 1) return fail(unreadable(path, 'its schemaVersion is not 1'));
  const missing = required.find((key) => typeof report[key] !== 'object' || report[key] === null);
  if (missing !== undefined) return fail(unreadable(path, `${missing} is missing in it`));
  if (typeof report.written !== 'string') return fail(unreadable(path, 'written is no text'));
  if (typeof report.daemon!.reportsEvery !== 'number')
    return fail(unreadable(path, 'daemon.reportsEvery is no number'));
  return succeed(report as Report);
}

const required = [
  'daemon',
  'uplinks',
  'networks',
  'mappings',
  'translations',
  'guard',
  'activity',
  'history',
  'problems',
] as const;

function unreadable(path: string, why: string): Problem {
  return {
    code: 'status-unreadable',
    message: `${path} cannot be shown: ${why}`,
    mend: 'Restart the daemon, so that it and this program are of one version.',
  };
}
