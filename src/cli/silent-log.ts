import type { Log } from '../daemon/log.ts';

/** For those who tell what matters in another way. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };
