import type { Processes } from '../../host/host.ts';
import { lastTimeout } from './tool-timeout.ts';

/** Writes a value to xenstore; that nobody reads it there then is no reason to stop. */
export async function writeKey(processes: Processes, key: string, value: string): Promise<void> {
  await processes.run({ argv: ['xenstore-write', key, value], timeout: lastTimeout });
}

export async function removeKey(processes: Processes, key: string): Promise<void> {
  await processes.run({ argv: ['xenstore-rm', key], timeout: lastTimeout });
}
