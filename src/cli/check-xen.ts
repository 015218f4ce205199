import { readConfig } from '../daemon/read-config.ts';
import { readXenFacts } from '../daemon/xen/read-xen-facts.ts';
import { formatFindings } from '../engine/doctor/format-findings.ts';
import { runXenChecks } from '../engine/xen/checks/xen-checks.ts';
import { hookPath } from '../generate/xen-hotplug/hotplug-files.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { showProgress } from './show-progress.ts';
import { dataColors, printData } from './terminal.ts';

export async function checkXen(globals: GlobalOptions): Promise<number> {
  const read = await readConfig(systemHost.files, globals.config);
  if (!read.ok) return printInvalidConfig(read.problem);
  const { xen } = read.value.config;
  if (!xen) {
    const mend = 'Add xen with guests; docs/xen.md says how.';
    return printProblem({ code: 'config-key-missing', message: `${globals.config} says nothing about xen`, mend });
  }
  const reading = readXenFacts(systemHost, { runtimeDir: globals.runtimeDir, hook: hookPath }, xen);
  const findings = runXenChecks(await showProgress('looking at this machine', reading), xen);
  if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, checks: findings }, undefined, 2)}\n`);
  else printData(formatFindings(findings, dataColors()));
  return findings.some(({ result }) => result === 'problem') ? exitCodes.no : exitCodes.done;
}
