import { Command } from '@commander-js/extra-typings';
import { registerAddress } from './commands/address.ts';
import { registerCheck } from './commands/check.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEvent } from './commands/event.ts';
import { registerGenerate } from './commands/generate.ts';
import { registerInit } from './commands/init.ts';
import { registerImport } from './commands/import.ts';
import { registerMap } from './commands/map.ts';
import { registerUla } from './commands/ula.ts';
import { registerXen } from './commands/xen.ts';
import { registerApply } from './commands/apply.ts';
import { registerTry } from './commands/try.ts';
import { registerPlan } from './commands/plan.ts';
import { registerReport } from './commands/report.ts';
import { registerRun } from './commands/run.ts';
import { registerServe } from './commands/serve.ts';
import { registerStatus } from './commands/status.ts';
import { registerTrace } from './commands/trace.ts';
import { addGlobalOptions } from './global-options.ts';
import { formatHelp } from './format-help.ts';
import { dataColors, hasColors, printData, printMessage, screenRows } from './terminal.ts';
import { version } from './version.ts';

/*
 * How to add a command: one file src/cli/commands/NAME.ts and one line in `commands` below.
 *
 *   export function registerStatus(program: Command): void {
 *     program
 *       .command('status')
 *       .description('uplinks, delegations and mappings')
 *       .option('--watch', 'go on showing it')
 *       .action(async (options, command) => {
 *         const { printStatus } = await import('../print-status.ts');
 *         process.exitCode = await printStatus(globalOptions(command), options);
 *       });
 *   }
 *
 * - This file and those in commands/ are loaded by every start of sixgate: they import nothing but types, commander and
 *   global-options.ts. The work is behind `import()`: build.mjs makes a bundle of its own of every module that is
 *   imported so (named for the file, so file names must differ). Each bundle has its own copy of what it shares with
 *   others: no state at module level, no `instanceof` across.
 * - The imported function gets options, prints, and returns the exit code. An expected failure:
 *   `if (!read.ok) return printProblem(read.problem);` (message and mend on standard error, the exit code of its code).
 * - Data goes out through `printData`, messages through `printMessage` (terminal.ts); with `--json` every object has
 *   `schemaVersion: 1`. Never console, process.stdout or process.exit: only main.ts ends the process.
 * - What throws is a bug: main.ts says so and ends with 70.
 */
const commands: readonly ((program: Command) => void)[] = [
  registerInit,
  registerCheck,
  registerPlan,
  registerApply,
  registerTry,
  registerRun,
  registerStatus,
  registerTrace,
  registerServe,
  registerDoctor,
  registerReport,
  registerEvent,
  registerGenerate,
  registerXen,
  registerImport,
  registerUla,
  registerAddress,
  registerMap,
];

/** The command tree with everything in it; nothing is run. Errors of the command line are thrown (CommanderError). */
export function createProgram(): Command {
  const program = new Command('sixgate');
  program
    .description('Stable IPv6 behind whatever the provider hands out.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showHelpAfterError('(--help tells what is possible)')
    .configureHelp({
      styleTitle: (text) => dataColors().bold(text),
      formatHelp: (command, helper) => formatHelp(command, helper, screenRows()),
    })
    .configureOutput({
      writeOut: printData,
      writeErr: printMessage,
      outputError: (text, write) => write(text.replace(/^error: /, 'sixgate: ')),
      getOutHasColors: () => hasColors(1),
      getErrHasColors: () => hasColors(2),
    });
  addGlobalOptions(program);
  for (const register of commands) register(program);
  return program;
}
