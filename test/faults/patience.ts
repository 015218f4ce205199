import { cpus, loadavg } from 'node:os';

/** How long after a fault has ended everything may take to be as it should, in milliseconds; longer where others have the machine. */
export const patience = (): number => 2000 * Math.max(1, loadavg()[0]! / cpus().length);
