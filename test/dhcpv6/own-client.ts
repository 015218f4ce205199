import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/engine/report.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { configText, currentPrefix, readReport, startGuarded, waitForMapping } from '../translate/following.ts';

/** The example of the documentation with sixgate's own client; `options` as in `ias: 2`. */
export function ownConfig(options = '', length = 58): string {
  const prefix = `prefix: { from: dhcpv6, length: ${length}${options && `, ${options}`} }`;
  return configText({ length }).replace(/prefix: \{ from: dhcpcd.*\}/, prefix);
}

/** Starts the daemon and waits until its own client has brought a prefix in force. */
export async function startOwnClient(lab: Lab, config = ownConfig()): Promise<LabProcess> {
  const daemon = await startGuarded(lab, config);
  await waitForMapping(lab, (prefix) => prefix !== undefined).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${daemon.log()}`);
  });
  return daemon;
}

/** The delegations of the uplink, as `PREFIX`. */
export function heldPrefixes(lab: Lab): string[] {
  return (readReport(lab)?.uplinks[0]?.delegations ?? []).map(({ prefix }) => prefix);
}

export function problemCodes(lab: Lab): string[] {
  return (readReport(lab)?.problems ?? []).map(({ code }) => code);
}

export function waitForProblem(lab: Lab, code: string, timeout = 10_000): Promise<Report['problems'][number]> {
  const find = (): Report['problems'][number] | undefined =>
    readReport(lab)?.problems.find((problem) => problem.code === code);
  return waitUntil(`the problem ${code}`, find, { timeout });
}

export async function waitForPrefix(lab: Lab, prefix: string, timeout = 10_000): Promise<void> {
  await waitForMapping(lab, (current) => current === prefix, timeout).catch((error: unknown) => {
    throw new Error(`${String(error)}: it is ${currentPrefix(lab)}, ${JSON.stringify(readReport(lab)?.problems)}`);
  });
}

/** Milliseconds from the daemon's line that matches one text to the one that matches the other. */
export function between(daemon: LabProcess, from: RegExp, to: RegExp): number {
  const at = (pattern: RegExp): number => {
    const line = daemon
      .log()
      .split('\n')
      .findLast((text) => pattern.test(text));
    return Date.parse(line?.split(' ')[0] ?? '');
  };
  return at(to) - at(from);
}

/** The stored DUID; undefined where there is none. */
export function storedDuid(lab: Lab): string | undefined {
  const path = join(lab.router.shell.directory, 'state/duid');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** What Kea knows of its leases: DUID, prefix and state of each line, the latest last. */
export async function keaLeases(lab: Lab): Promise<{ duid: string; prefix: string; valid: number }[]> {
  const text = await lab.exec('provider', ['cat', '/var/lib/kea/leases6.csv']);
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([address = '', duid = '', valid, , , , , , length]) => ({
      duid,
      prefix: `${address}/${length}`,
      valid: Number(valid),
    }));
}
