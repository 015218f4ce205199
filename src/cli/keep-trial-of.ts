import { createInterface } from 'node:readline';
import { keepTrial, type TrialOrder } from '../daemon/trial/keep-trial.ts';
import type { TrialEvent, TrialRequest } from '../daemon/trial/trial-messages.ts';
import { systemHost } from '../host/system-host.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { silentLog } from './silent-log.ts';
import { isClosedPipe, printData } from './terminal.ts';

/**
 * The process behind "sixgate try", in a session of its own: standard input has its order and then requests, one a line, and its end is
 * that of the session; standard output says how it goes.
 */
export async function keepTrialOf(globals: GlobalOptions): Promise<number> {
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => {});
  const lines = createInterface({ input: process.stdin });
  lines.on('error', () => lines.close());
  const first = await new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(undefined));
  });
  if (first === undefined) return exitCodes.no;
  const early: TrialRequest[] = [];
  let isGone = false;
  let onRequest = (request: TrialRequest): void => void early.push(request);
  let onGone = (): void => void (isGone = true);
  lines.on('line', (line) => onRequest(JSON.parse(line) as TrialRequest));
  lines.on('close', () => onGone());
  process.on('SIGTERM', () => onGone());

  const order = JSON.parse(first) as TrialOrder;
  const keeper = await keepTrial(systemHost, pathsOf(globals), silentLog, order, tell);
  if (!keeper) return exitCodes.failed;
  onRequest = ({ ask }) => keeper.end({ confirmed: ask === 'confirm', because: 'you did not want it' });
  onGone = () => keeper.end({ confirmed: false, because: 'the session that asked for it is gone' });
  for (const request of early) onRequest(request);
  if (isGone) onGone();
  await keeper.over;
  return exitCodes.done;
}

function tell(event: TrialEvent): void {
  try {
    printData(`${JSON.stringify(event)}\n`);
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
}
