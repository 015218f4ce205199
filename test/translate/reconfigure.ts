import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';

/** Writes another configuration, tells the daemon by SIGHUP, and waits until the kernel has all of it. */
export async function reconfigure(lab: Lab, daemon: LabProcess, config: string): Promise<void> {
  const read = (): number => daemon.log().split('the configuration was read again').length;
  const before = read();
  writeFileSync(join(lab.router.shell.directory, 'config.yaml'), config);
  daemon.signal('SIGHUP');
  await waitUntil('the new configuration', () => read() > before);
  await waitUntil('a plan with nothing left to do', async () => (await lab.router.sixgate('plan')).code === 0);
}
