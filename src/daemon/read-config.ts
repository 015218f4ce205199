import { formatConfigProblem } from '../config/config-problem.ts';
import type { ConfigProblems, LoadedConfig } from '../config/judge-nodes.ts';
import { loadConfig } from '../config/load-config.ts';
import type { ConfigSource } from '../config/read-yaml.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Files } from '../host/host.ts';

/** An invalid configuration as one problem, for those who can pass on only one, and all of them with their places. */
export interface InvalidConfig extends Problem {
  readonly problems: ConfigProblems;
  /** What could be read, right or wrong. */
  readonly sources: readonly ConfigSource[];
}

/** A valid configuration with the texts that it was read from. */
export interface ReadConfig extends LoadedConfig {
  readonly sources: readonly ConfigSource[];
}

/**
 * Reads the file at `path` and, after it, `conf.d/*.yaml` beside it in the order of their names (by code unit, as the C
 * locale sorts). Problems name the files by these paths; one about a whole file stands at its line 1. `instead`: another
 * file that is read in the place of the first one.
 */
export async function readConfig(
  files: Files,
  path: string,
  instead = path,
): Promise<Result<ReadConfig, InvalidConfig>> {
  const problems: ConfigProblems[number][] = [];
  const refuse = (file: string, problem: Problem): void => void problems.push({ ...problem, file, line: 1, column: 1 });
  const sources: ConfigSource[] = [];

  const main = await files.read(instead);
  if (!main.ok) refuse(instead, main.problem);
  else if (main.value === undefined) {
    const mend = 'Write it, or name another one with --config.';
    refuse(instead, { code: 'config-missing', message: 'there is no such file', mend });
  } else sources.push({ name: instead, text: main.value });

  const directory = `${path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''}conf.d`;
  const names = await files.list(directory);
  if (!names.ok) refuse(directory, names.problem);
  // Names that begin with a dot are editors' and package managers' own.
  const wanted = names.ok ? names.value.filter((name) => name.endsWith('.yaml') && !name.startsWith('.')).sort() : [];
  for (const name of wanted) {
    const file = `${directory}/${name}`;
    const text = await files.read(file);
    if (!text.ok) refuse(file, text.problem);
    // A file that went away between the listing and now is as good as never there.
    else if (text.value !== undefined) sources.push({ name: file, text: text.value });
  }
  return judgeSources(sources, problems);
}

/** What these texts say; `problems` are what was wrong before they could be judged. */
export function judgeSources(
  sources: readonly ConfigSource[],
  problems: ConfigProblems = [],
): Result<ReadConfig, InvalidConfig> {
  const loaded = loadConfig(sources);
  if (problems.length === 0 && loaded.ok) return succeed({ ...loaded.value, sources });
  return fail(summarize([...problems, ...(sources.length > 0 && !loaded.ok ? loaded.problem : [])], sources));
}

function summarize(problems: ConfigProblems, sources: readonly ConfigSource[]): InvalidConfig {
  const first = problems[0]!;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const mend = 'Run "sixgate check" to see all of it.';
  return { code: first.code, message: `${formatConfigProblem(first)}${more}`, mend, problems, sources };
}
