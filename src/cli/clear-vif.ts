import { parseVifPath } from '../backend/xen/parse-vif-path.ts';
import { takeOffline } from '../daemon/xen/take-offline.ts';
import { within } from '../daemon/xen/within.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printLine } from './print-line.ts';
import type { VifOptions } from './vif-options.ts';

/** The interface is gone and its guest with it: whatever is wrong here is told, and stops nobody. */
export async function clearVif(
  { runtimeDir }: GlobalOptions,
  { path = '', type = 'vif' }: VifOptions,
): Promise<number> {
  const at = parseVifPath(path);
  if (!at.ok) printLine(at.problem);
  else {
    const { domid, devid } = at.value;
    const problems = await within(
      systemHost.clock,
      process.uptime() * 1000,
      takeOffline(systemHost, runtimeDir, { domid, devid, kind: type }),
    );
    for (const problem of problems.ok ? problems.value : [problems.problem]) printLine(problem);
  }
  return exitCodes.done;
}
