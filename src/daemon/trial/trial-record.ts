import type { ConfigSource } from '../../config/read-yaml.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import type { Files } from '../../host/host.ts';
import { trialPath, type Paths } from '../paths.ts';
import { judgeSources, type ReadConfig } from '../read-config.ts';

/** What a daemon leaves while a trial is on, for the one that starts after it was killed. */
interface TrialRecord {
  readonly before: readonly ConfigSource[];
  readonly tried: readonly ConfigSource[];
}

export function writeTrialRecord(files: Files, paths: Paths, record: TrialRecord): Promise<Result<void>> {
  return files.write(trialPath(paths), `${JSON.stringify(record)}\n`, 0o600);
}

export async function removeTrialRecord(files: Files, paths: Paths): Promise<void> {
  await files.remove(trialPath(paths));
}

/**
 * What was in force before a trial that nobody ended, where the files still say what was tried: they were edited in place. The record
 * counts until a reload or "sixgate try --confirm" says that they are what is wanted, or until they are edited.
 */
export async function recallBefore(
  files: Files,
  paths: Paths,
  sources: readonly ConfigSource[],
): Promise<ReadConfig | undefined> {
  const text = await files.read(trialPath(paths));
  if (!text.ok || text.value === undefined) return undefined;
  let record: TrialRecord;
  try {
    record = JSON.parse(text.value) as TrialRecord;
  } catch {
    return undefined;
  }
  if (JSON.stringify(record.tried) !== JSON.stringify(sources)) return undefined;
  const read = judgeSources(record.before);
  return read.ok ? read.value : undefined;
}

export const unconfirmed = ({ config }: Paths): Problem => ({
  code: 'config-unconfirmed',
  message: `${config} was tried and never confirmed: what was in force before it is in force`,
  mend: 'Correct the file, or let it count as it is; then: systemctl reload sixgate (without a daemon: sixgate try --confirm)',
});
