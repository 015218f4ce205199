import { readConfig } from '../daemon/read-config.ts';
import { planPass } from '../daemon/reconcile.ts';
import { situationOf } from '../daemon/situation-of.ts';
import { readBugReport, readKnownSecrets, type ReportSection } from '../daemon/read-bug-report.ts';
import { createPseudonyms } from '../engine/bug-report/pseudonyms.ts';
import { removeComments, removeSecrets } from '../engine/bug-report/remove-secrets.ts';
import { formatFindings } from '../engine/doctor/format-findings.ts';
import { systemHost } from '../host/system-host.ts';
import colors from 'picocolors';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { formatSteps } from './print-plan.ts';
import { examineHost } from './examine-host.ts';
import { printProblem } from './print-problem.ts';
import { showProgress } from './show-progress.ts';
import { silentLog } from './silent-log.ts';
import { printData, printMessage } from './terminal.ts';
import { version } from './version.ts';

interface ReportOptions {
  readonly out?: string;
  readonly pseudonyms?: true;
  readonly lines: string;
  readonly log?: string;
}

/** What fails becomes part of the report: it is for machines on which something does. */
export function printBugReport(globals: GlobalOptions, options: ReportOptions): Promise<number> {
  return showProgress('looking at this machine', writeReport(globals, options));
}

async function writeReport(globals: GlobalOptions, options: ReportOptions): Promise<number> {
  if (!/^\d{1,6}$/.test(options.lines)) {
    return printProblem({ code: 'report-lines', message: `--lines ${options.lines} is not a number of lines` });
  }
  const paths = pathsOf(globals);
  const read = await readConfig(systemHost.files, paths.config);
  const sources = read.ok ? read.value.sources : read.problem.sources;
  const texts = sources.map(({ text }) => text);
  const known = await readKnownSecrets(systemHost, paths, texts);
  const sections: ReportSection[] = [
    {
      title: 'sixgate',
      text: `${version}, Node ${process.version}, ${new Date(systemHost.clock.now()).toISOString()}`,
    },
    ...sources.map(({ name, text }) => ({ title: name, text: removeComments(text) })),
    {
      title: 'configuration',
      text: read.ok
        ? 'it is valid'
        : read.problem.problems.map((each) => `${each.file}:${each.line}:${each.column}: ${each.message}`).join('\n'),
    },
    { title: 'plan', text: await formatPlan(globals) },
    { title: 'doctor', text: formatFindings(await examineHost(globals), colors.createColors(false)) },
    ...(await readBugReport(systemHost, paths, {
      lines: Number(options.lines),
      ...(options.log !== undefined && { log: options.log }),
    })),
  ];
  const pseudonym = options.pseudonyms ? createPseudonyms() : (text: string) => text;
  const cleared = sections.map(({ title, text }) => ({ title, text: pseudonym(removeSecrets(text, known)) }));
  const whole = globals.json
    ? `${JSON.stringify({ schemaVersion: 1, sections: cleared }, undefined, 2)}\n`
    : cleared.map(({ title, text }) => `==> ${title}\n${text.trimEnd()}\n`).join('\n');
  if (options.out === undefined) printData(whole);
  else {
    const written = await systemHost.files.write(options.out, whole, 0o600);
    if (!written.ok) return printProblem(written.problem);
    printMessage(`${options.out} written; read it before you pass it on\n`);
  }
  return exitCodes.done;
}

async function formatPlan(globals: GlobalOptions): Promise<string> {
  const read = await readConfig(systemHost.files, globals.config);
  if (!read.ok) return 'none, since the configuration is wrong';
  const situation = await situationOf(systemHost, pathsOf(globals), read.value.config, silentLog);
  const { plan, failure } = await planPass(systemHost, situation);
  return failure ? failure.message : formatSteps(plan.steps, colors.createColors(false));
}
