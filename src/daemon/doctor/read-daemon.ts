import type { DaemonFact } from '../../engine/doctor/host-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Report } from '../../engine/report.ts';
import type { Host } from '../../host/host.ts';
import { statePath, type Paths } from '../paths.ts';
import { knownFact, unknownFact } from './read-fact.ts';

/** What the daemon wrote last, and whether it still runs. */
export async function readDaemon({ files, processes }: Host, paths: Paths): Promise<Read<DaemonFact | undefined>> {
  const path = statePath(paths);
  const text = await files.read(path);
  if (!text.ok) return unknownFact(text.problem);
  if (text.value === undefined) return knownFact(undefined);
  let report: Report;
  try {
    report = JSON.parse(text.value) as Report;
  } catch {
    return { known: false, why: `${path} is not JSON` };
  }
  if (report.schemaVersion !== 1) return { known: false, why: `${path} is of another version` };
  const { pid } = report.daemon;
  const command = await files.read(`/proc/${pid}/cmdline`);
  // The number may have gone to somebody else since.
  const foreign = command.ok && command.value !== undefined && !command.value.includes('sixgate');
  return knownFact({ report, alive: !foreign && processes.signal(pid, 0) });
}
