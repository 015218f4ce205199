import { readHostFacts } from '../daemon/doctor/read-host-facts.ts';
import { runChecks } from '../engine/doctor/checks.ts';
import { formatFindings } from '../engine/doctor/format-findings.ts';
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
  const findings = runChecks(facts);
  if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, checks: findings }, undefined, 2)}\n`);
  else printData(formatFindings(findings, dataColors()));
  return findings.some(({ result }) => result === 'problem') ? exitCodes.no : exitCodes.done;
}
