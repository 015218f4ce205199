import { join } from 'node:path';
import { hookPath, oldPath, routePath } from '../generate/xen-hotplug/hotplug-files.ts';
import { takeAwayFiles } from './place-files.ts';
import { systemFiles } from '../host/system-files.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';

export async function uninstallXen(_globals: GlobalOptions, { root }: { readonly root: string }): Promise<number> {
  const taken = await takeAwayFiles(
    systemFiles,
    [hookPath, routePath, oldPath].map((path) => join(root, path)),
  );
  for (const line of taken.done) printMessage(`${line}\n`);
  for (const problem of taken.problems) printProblem(problem);
  return taken.problems.length > 0 ? exitCodes.failed : exitCodes.done;
}
