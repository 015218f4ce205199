import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerReport(program: Command): void {
  program
    .command('report')
    .summary('everything that a bug report needs, without secrets')
    .description(
      'Print versions, configuration, state, plan, findings of the doctor, rules, settings and the end of the log as one text. ' +
        'Passwords, tokens and keys are taken out, comments of the configuration too. Read it before you pass it on.',
    )
    .option('--out <file>', 'write it there, readable by you alone')
    .option('--pseudonyms', 'other addresses, prefixes and MAC addresses, the same for the same')
    .option('--lines <number>', 'how much of the log', '300')
    .option('--log <file>', 'where the log is, if it is not in the journal')
    .action(async (options, command) => {
      const { printBugReport } = await import('../print-bug-report.ts');
      process.exitCode = await printBugReport(globalOptions(command), options);
    });
}
