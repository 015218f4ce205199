import { text as readAll } from 'node:stream/consumers';
import { statePath } from '../daemon/paths.ts';
import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { comparePeers, type Peer } from '../engine/doctor/compare-peers.ts';
import { formatFindings } from '../engine/doctor/format-findings.ts';
import { parseReport } from '../engine/status.ts';
import { systemFiles } from '../host/system-files.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';
import { dataColors, printData } from './terminal.ts';

/** Compares this router with its twin, or two of which the statuses were brought here. "-" is standard input. */
export async function printPeers(globals: GlobalOptions, paths: readonly string[]): Promise<number> {
  const [first = '', second, ...more] = paths;
  if (more.length > 0) {
    const mend = 'Give one file to compare with this router, or two to compare with each other.';
    return printProblem({ code: 'peer-files', message: `${paths.length} files cannot be a pair`, mend });
  }
  const [one, other] = await Promise.all(
    second === undefined
      ? [readPeer('here', statePath(pathsOf(globals))), readPeer(nameOf(first, 'there'), first)]
      : [readPeer(nameOf(first, 'the first'), first), readPeer(nameOf(second, 'the second'), second)],
  );
  if (!one.ok) return printProblem(one.problem);
  if (!other.ok) return printProblem(other.problem);
  const findings = comparePeers(one.value, other.value);
  if (globals.json) printData(`${JSON.stringify({ schemaVersion: 1, checks: findings }, undefined, 2)}\n`);
  else printData(formatFindings(findings, dataColors()));
  return findings.some(({ result }) => result === 'problem') ? exitCodes.no : exitCodes.done;
}

function nameOf(path: string, otherwise: string): string {
  return path === '-' ? otherwise : path;
}

async function readPeer(name: string, path: string): Promise<Result<Peer>> {
  const text = path === '-' ? succeed(await readAll(process.stdin)) : await systemFiles.read(path);
  if (!text.ok) return text;
  const report = parseReport(text.value, path);
  if (!report.ok) return report;
  return report.value.identity ? succeed({ name, report: report.value }) : fail(tooOld(path));
}

function tooOld(path: string): Problem {
  return {
    code: 'status-unreadable',
    message: `${path} does not say by what its provider knows the router`,
    mend: 'It is of an older sixgate: upgrade that router, and restart its daemon.',
  };
}
