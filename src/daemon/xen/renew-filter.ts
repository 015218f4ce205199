import { compileWholeFilter } from '../../backend/xen/compile-vif-steps.ts';
import type { Problem } from '../../core/problem.ts';
import type { Host } from '../../host/host.ts';
import { runTool } from '../run-tool.ts';
import { toolTimeout } from './tool-timeout.ts';
import { readRecords } from './vif-records.ts';

/** The list of the filter becomes that of the records; a guest that started meanwhile is seen when they are read again. */
export async function renewFilter({ files, processes }: Host, runtimeDir: string): Promise<Problem | undefined> {
  const filtered = async (): Promise<string[]> => {
    const { states } = await readRecords(files, runtimeDir);
    return [...new Set(states.flatMap((state) => (state.filtered ? [state.vif.device] : [])))].sort();
  };
  let devices = await filtered();
  for (;;) {
    const input = compileWholeFilter(devices);
    const done = await runTool(processes, { argv: ['nft', '-f', '-'], input, timeout: toolTimeout });
    if (!done.ok) return done.problem;
    const again = await filtered();
    if (again.join() === devices.join()) return undefined;
    devices = again;
  }
}
