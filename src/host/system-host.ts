import type { Host } from './host.ts';
import { systemClock } from './system-clock.ts';
import { systemFiles } from './system-files.ts';
import { systemProcesses } from './system-processes.ts';

/** The machine itself. */
export const systemHost: Host = { processes: systemProcesses, files: systemFiles, clock: systemClock };
