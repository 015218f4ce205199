import { join } from 'node:path';
import { formatVifState, parseVifState, vifStateName } from '../../backend/xen/vif-state-file.ts';
import type { Problem } from '../../core/problem.ts';
import type { Result } from '../../core/result.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { VifState } from '../../engine/xen/vif-state.ts';
import type { Files } from '../../host/host.ts';

/** Where the records of guests' interfaces are, one file each, so that guests who start at once share none. */
export const recordsPath = (runtimeDir: string): string => join(runtimeDir, 'xen', 'vif');

type Key = Pick<Vif, 'domid' | 'devid' | 'kind'>;

/** Undefined where there is none. */
export async function readRecord(files: Files, runtimeDir: string, key: Key): Promise<Result<VifState | undefined>> {
  const path = join(recordsPath(runtimeDir), vifStateName(key));
  const text = await files.read(path);
  if (!text.ok || text.value === undefined) return text as Result<undefined>;
  return parseVifState(text.value, path);
}

export async function writeRecord(files: Files, runtimeDir: string, state: VifState): Promise<Result<void>> {
  const directory = recordsPath(runtimeDir);
  const made = await files.makeDirectory(directory);
  return made.ok ? files.write(join(directory, vifStateName(state.vif)), formatVifState(state)) : made;
}

export async function removeRecord(files: Files, runtimeDir: string, key: Key): Promise<Result<void>> {
  return files.remove(join(recordsPath(runtimeDir), vifStateName(key)));
}

/** All records, and what is wrong with those that are not understood. */
export async function readRecords(
  files: Files,
  runtimeDir: string,
): Promise<{ readonly states: readonly VifState[]; readonly problems: readonly Problem[] }> {
  const directory = recordsPath(runtimeDir);
  const names = await files.list(directory);
  if (!names.ok) return { states: [], problems: [names.problem] };
  const states: VifState[] = [];
  const problems: Problem[] = [];
  // Names that begin with a dot are being written.
  for (const name of names.value.filter((each) => each.endsWith('.json') && !each.startsWith('.'))) {
    const path = join(directory, name);
    const text = await files.read(path);
    if (!text.ok) problems.push(text.problem);
    else if (text.value !== undefined) {
      const state = parseVifState(text.value, path);
      if (state.ok) states.push(state.value);
      else problems.push(state.problem);
    }
  }
  return { states, problems };
}
