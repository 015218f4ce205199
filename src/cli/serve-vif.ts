import { parseVifPath } from '../backend/xen/parse-vif-path.ts';
import { parseInterfaceName } from '../core/interface-name.ts';
import { problemCodes } from '../core/problem-codes.ts';
import { bringOnline, readXenConfig, switchOff } from '../daemon/xen/bring-online.ts';
import { readDevice } from '../daemon/xen/read-device.ts';
import { writeKey } from '../daemon/xen/write-key.ts';
import { within } from '../daemon/xen/within.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { formatLine, printLine } from './print-line.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';
import type { VifOptions } from './vif-options.ts';

/**
 * What went wrong is one line on standard error. Under the policy "fail" the exit code says so too and the hook passes the
 * line on to whoever starts the guest; under "warn" the line goes to xenstore from here, and the guest starts.
 */
export async function serveVif(globals: GlobalOptions, options: VifOptions): Promise<number> {
  const { path = '', type: kind = 'vif', ip } = options;
  const at = parseVifPath(path);
  if (!at.ok) return printProblem(at.problem);
  const paths = pathsOf(globals);
  const device = options.device ?? (await readDevice(systemHost.processes, at.value, kind));
  const name = parseInterfaceName(device);
  if (!name.ok) return printProblem(name.problem);
  const call = { at: at.value, device, kind, paths, ...(ip !== undefined && { ip }) };
  const done = await within(systemHost.clock, process.uptime() * 1000, bringOnline(systemHost, call));
  // Nobody knows how far it came, so perhaps there is no filter.
  if (!done.ok) await switchOff(systemHost, device);
  const { policy, problem } = done.ok
    ? done.value
    : { ...(await readXenConfig(systemHost, paths.config, paths.runtimeDir)), problem: done.problem };
  if (!problem) return exitCodes.done;
  printLine(problem);
  if (policy === 'fail') return problemCodes[problem.code];
  printMessage(`sixgate: the guest starts all the same, since xen.policy is "warn"\n`);
  await writeKey(systemHost.processes, `${path}/hotplug-error`, formatLine(problem));
  return exitCodes.done;
}
