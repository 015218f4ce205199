import { isAbsolute, join, resolve } from 'node:path';
import { realpathSync } from 'node:fs';
import { hotplugFiles } from '../generate/xen-hotplug/hotplug-files.ts';
import { placeFiles } from './place-files.ts';
import { systemFiles } from '../host/system-files.ts';
import { exitCodes } from './exit-codes.ts';
import { usualConfig, usualRuntimeDir, type GlobalOptions } from './global-options.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';

export interface InstallOptions {
  readonly root: string;
  readonly command?: string | undefined;
  readonly vifRouteIpv6?: true | undefined;
}

export async function installXen(globals: GlobalOptions, options: InstallOptions): Promise<number> {
  const command = [
    ...(options.command === undefined ? thisCommand() : [resolve(options.command)]),
    ...(globals.config === usualConfig ? [] : ['--config', absolute(globals.config)]),
    ...(globals.runtimeDir === usualRuntimeDir ? [] : ['--runtime-dir', absolute(globals.runtimeDir)]),
  ];
  const files = hotplugFiles({ command, old: options.vifRouteIpv6 === true });
  const placed = await placeFiles(
    systemFiles,
    files.map((file) => ({ ...file, path: join(options.root, file.path) })),
  );
  if (!placed.ok) return printProblem(placed.problem);
  for (const line of placed.value) printMessage(`${line}\n`);
  return exitCodes.done;
}

/** How this very sixgate is called from anywhere: scripts of Xen have a search path of their own. */
function thisCommand(): string[] {
  const program = realpathSync(process.argv[1]!);
  const node = process.execPath;
  return ['/usr/bin/', '/bin/'].some((place) => node === `${place}node`) ? [program] : [node, program];
}

const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(path));
