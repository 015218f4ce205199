import type { Problem } from '../core/problem.ts';
import { succeed, type Result } from '../core/result.ts';
import type { Files } from '../host/host.ts';
import { readLastConfig, type LastConfig } from './last-config.ts';
import { logProblem } from './log-problem.ts';
import type { Log } from './log.ts';
import type { Paths } from './paths.ts';
import { readConfig, type InvalidConfig, type ReadConfig } from './read-config.ts';
import { recallBefore, unconfirmed } from './trial/trial-record.ts';

/** What a daemon starts with. */
export interface StartingConfig {
  readonly read: ReadConfig;
  /** Why that is not what the files say. */
  readonly problem?: Problem;
  /** Where the files are wrong: what is in force in their place. */
  readonly instead?: LastConfig;
}

/**
 * | the files                        | in force                                             |
 * | -------------------------------- | ---------------------------------------------------- |
 * | are right                        | what they say                                        |
 * | were tried and never confirmed   | what was in force before                             |
 * | are wrong, or not there          | with `fallBack` what was in force last, else nothing |
 */
export async function readStartingConfig(
  files: Files,
  paths: Paths,
  log: Log,
  { fallBack }: { fallBack: boolean },
): Promise<Result<StartingConfig, InvalidConfig>> {
  const read = await readConfig(files, paths.config);
  if (read.ok) {
    const before = await recallBefore(files, paths, read.value.sources);
    return succeed(before ? { read: before, problem: unconfirmed(paths) } : { read: read.value });
  }
  if (!fallBack) return read;
  const last = await readLastConfig(files, paths);
  if (!last.ok) {
    const { code, message } = last.problem;
    logProblem(log, { code, message: `there is no configuration to run in the place of a wrong one: ${message}` });
    return read;
  }
  logProblem(log, read.problem);
  return succeed({ read: last.value, problem: fellBack(read.problem, last.value), instead: last.value });
}

/** That another configuration runs than the files have, which are wrong. */
export function fellBack(wrong: Problem, { since }: LastConfig): Problem {
  return {
    code: 'config-fallback',
    message: `what runs is the configuration that came into force at ${since}, since the files are wrong: ${wrong.message}`,
    mend: 'Correct the files ("sixgate check" shows all that is wrong), then: systemctl reload sixgate',
  };
}
