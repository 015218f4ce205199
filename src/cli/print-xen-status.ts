import { readConfig } from '../daemon/read-config.ts';
import { readGuests } from '../daemon/xen/read-guests.ts';
import type { GuestReport } from '../engine/xen/guest-report.ts';
import { systemHost } from '../host/system-host.ts';
import { describeIdentity, describeState } from './describe-state.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { dataColors, printData } from './terminal.ts';

export async function printXenStatus(globals: GlobalOptions): Promise<number> {
  const config = await readConfig(systemHost.files, globals.config);
  if (!config.ok) return printInvalidConfig(config.problem);
  const read = await readGuests(systemHost, globals.runtimeDir, config.value.config.xen);
  if (!read.ok) return printProblem(read.problem);
  const { guests, dropped } = read.value;
  if (globals.json) {
    const shown = guests.map(({ vif, running, entry, state, faults }) => ({
      ...describeIdentity(vif),
      running,
      entry: entry ?? null,
      has: state ? describeState(state) : null,
      faults,
    }));
    printData(`${JSON.stringify({ schemaVersion: 1, guests: shown, dropped }, undefined, 2)}\n`);
  } else {
    printData(formatGuests(guests));
    if (guests.length > 0) {
      printData(`dropped: ${dropped.forged} with a forged source, ${dropped.posed} that posed as a router\n`);
    }
  }
  return guests.some(({ faults }) => faults.length > 0) ? exitCodes.no : exitCodes.done;
}

function formatGuests(guests: readonly GuestReport[]): string {
  if (guests.length === 0) return 'no guest is running\n';
  const rows = guests.map(({ vif, entry, state }) => [
    vif.name ?? `domain ${vif.domid}`,
    String(vif.devid),
    vif.device,
    state
      ? state.routes.map(({ prefix }) => prefix).join(', ') || 'nothing'
      : entry === undefined
        ? 'not listed'
        : 'nothing',
    state?.filtered ? 'filtered' : 'not filtered',
  ]);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const colors = dataColors();
  return guests
    .map(({ faults }, index) => {
      const line = rows[index]!.map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd();
      return `${line}\n${faults.map((fault) => `  ${colors.red(fault)}\n`).join('')}`;
    })
    .join('');
}
