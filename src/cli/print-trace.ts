import { formatIpv6 } from '../core/ipv6.ts';
import { planPass } from '../daemon/reconcile.ts';
import { mappingsInForce } from '../engine/mappings-in-force.ts';
import { nativeOf } from '../engine/mapping.ts';
import { traceAddress, type TraceLine } from '../engine/trace-address.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { printProblem } from './print-problem.ts';
import { readSituation } from './read-situation.ts';
import { showProgress } from './show-progress.ts';
import { parseTracedAddress } from '../config/parse-traced-address.ts';
import { dataColors, printData } from './terminal.ts';

export async function printTrace(globals: GlobalOptions, text: string): Promise<number> {
  const situation = await readSituation(globals);
  if (typeof situation === 'number') return situation;
  if (situation.instead) printProblem(situation.instead);
  const { config } = situation;
  const address = parseTracedAddress(text, config);
  if (!address.ok) return printProblem(address.problem);
  const pass = await showProgress('looking at the kernel', planPass(systemHost, situation));
  if (pass.failure) return printProblem(pass.failure);
  const state = pass.observation.state;
  const native = nativeOf(pass.desired.mappings);
  const mappings = state.known ? [...mappingsInForce(state.value, pass.wanted), ...native] : [];
  const lines = traceAddress(address.value, config, mappings, pass.desired.steering?.choices);
  if (globals.json)
    printData(`${JSON.stringify({ schemaVersion: 1, address: formatIpv6(address.value), lines }, undefined, 2)}\n`);
  else printData(lines.map(formatLine).join(''));
  return lines.some(({ direction, becomes }) => direction === 'outbound' && becomes === null)
    ? exitCodes.no
    : exitCodes.done;
}

function formatLine({ direction, uplink, from, becomes, because }: TraceLine): string {
  const colors = dataColors();
  const where = direction === 'none' ? '' : `${direction}${uplink ? ` ${uplink}` : ''}: `;
  const what = becomes === null ? colors.red(`${from} stopped`) : `${from} -> ${colors.green(becomes)}`;
  return `${where}${what}\n    ${colors.dim(because)}\n`;
}
