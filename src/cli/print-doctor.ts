import { readHostFacts } from '../daemon/doctor/read-host-facts.ts';
import { readXenFacts } from '../daemon/xen/read-xen-facts.ts';
import { runChecks } from '../engine/doctor/checks.ts';
import { formatFindings } from '../engine/doctor/format-findings.ts';
import { runXenChecks } from '../engine/xen/checks/xen-checks.ts';
import { hookPath } from '../generate/xen-hotplug/hotplug-files.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import { usualConfig, type GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { dataColors, printData } from './terminal.ts';
import { version } from './version.ts';

export async function printDoctor(globals: GlobalOptions, options: { dhcpcdConf: string }): Promise<number> {
  const facts = await readHostFacts({
    host: systemHost,
    paths: pathsOf(globals),
    dhcpcdConf: options.dhcpcdConf,
    version,
    nodeVersion: process.version,
    configUnneeded: globals.config === usualConfig,
  });
  const xen = facts.config.valid ? facts.config.config.xen : undefined;
  const findings = [
    ...runChecks(facts),
    ...(xen
      ? runXenChecks(await readXenFacts(systemHost, { runtimeDir: globals.runtimeDir, hook: hookPath }, xen), xen)
      : []),
  ];
  if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, checks: findings }, undefined, 2)}\n`);
  else printData(formatFindings(findings, dataColors()));
  return findings.some(({ result }) => result === 'problem') ? exitCodes.no : exitCodes.done;
}
