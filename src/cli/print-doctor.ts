import { formatFindings } from '../engine/doctor/format-findings.ts';
import { examineHost } from './examine-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { showProgress } from './show-progress.ts';
import { dataColors, printData } from './terminal.ts';

export async function printDoctor(globals: GlobalOptions, options: { dhcpcdConf: string }): Promise<number> {
  const findings = await showProgress('looking at this machine', examineHost(globals, options.dhcpcdConf));
  if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, checks: findings }, undefined, 2)}\n`);
  else printData(formatFindings(findings, dataColors()));
  return findings.some(({ result }) => result === 'problem') ? exitCodes.no : exitCodes.done;
}
