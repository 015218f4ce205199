import type { ConfigSource } from '../config/read-yaml.ts';
import type { Instant } from '../core/instant.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Files } from '../host/host.ts';
import { lastConfigPath, type Paths } from './paths.ts';
import { judgeSources, type ReadConfig } from './read-config.ts';

/** A copy of the configuration that was in force last, for a start at which the files are wrong. */
export interface LastConfig extends ReadConfig {
  /** When it came into force, as text. */
  readonly since: string;
}

/** Texts are kept by lines: who looks into the file can read them, and so can `grep`. */
interface Kept {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly since: string;
  readonly sources: readonly { readonly name: string; readonly lines: readonly string[] }[];
}

/** Only its owner may have written it, and this version has to take every text in it. */
export async function readLastConfig(files: Files, paths: Paths): Promise<Result<LastConfig>> {
  const path = lastConfigPath(paths);
  const refuse = (why: string): Result<never> => fail({ code: 'config-not-kept', message: `${path} ${why}` });
  const read = await readKept(files, path);
  if (!read.ok) return read;
  const kept = read.value;
  if (!kept) return refuse('is not there');
  const judged = judgeSources(sourcesOf(kept));
  if (!judged.ok)
    return refuse(`was written by sixgate ${kept.version}, and is wrong by now: ${judged.problem.message}`);
  return succeed({ ...judged.value, since: kept.since });
}

/** Puts what came into force on the disk, where it is not there yet. */
export interface ConfigKeeper {
  keep(sources: readonly ConfigSource[], now: Instant): Promise<void>;
  /** That it could not be written; it is tried again at the next `keep`. */
  problem(): Problem | undefined;
}

export function keepConfig(files: Files, paths: Paths, version: string): ConfigKeeper {
  const path = lastConfigPath(paths);
  let kept: readonly ConfigSource[] | undefined;
  let problem: Problem | undefined;
  return {
    problem: () => problem,
    async keep(sources, now) {
      if (sources === kept) return;
      const before = await readKept(files, path);
      const isThere =
        before.ok &&
        before.value?.version === version &&
        JSON.stringify(sourcesOf(before.value)) === JSON.stringify(sources);
      if (!isThere) {
        const lines = sources.map(({ name, text }) => ({ name, lines: text.split('\n') }));
        const next: Kept = { schemaVersion: 1, version, since: new Date(now).toISOString(), sources: lines };
        const written = await files.write(path, `${JSON.stringify(next, undefined, 2)}\n`, 0o640);
        problem = written.ok ? undefined : written.problem;
      }
      if (!problem) kept = sources;
    },
  };
}

async function readKept(files: Files, path: string): Promise<Result<Kept | undefined>> {
  const text = await files.readOwn(path);
  if (!text.ok || text.value === undefined) return text as Result<undefined>;
  const refuse = (why: string): Result<never> => fail({ code: 'config-not-kept', message: `${path} ${why}` });
  let kept: unknown;
  try {
    kept = JSON.parse(text.value);
  } catch {
    return refuse('is not JSON');
  }
  if (isKept(kept)) return succeed(kept);
  return refuse('was not written by this version of sixgate, nor by one that it understands');
}

function isKept(value: unknown): value is Kept {
  const { schemaVersion, version, since, sources } = (value ?? {}) as Record<string, unknown>;
  const isText = (each: unknown): boolean => typeof each === 'string';
  const isSource = (each: unknown): boolean => {
    const { name, lines } = (each ?? {}) as Record<string, unknown>;
    return isText(name) && Array.isArray(lines) && lines.every(isText);
  };
  return schemaVersion === 1 && isText(version) && isText(since) && Array.isArray(sources) && sources.every(isSource);
}

function sourcesOf({ sources }: Kept): ConfigSource[] {
  return sources.map(({ name, lines }) => ({ name, text: lines.join('\n') }));
}
