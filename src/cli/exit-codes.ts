/** What an exit code says. Problems carry their own (src/core/problem-codes.ts). */
export const exitCodes = {
  /** Done, or in sync. */
  done: 0,
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The question was answered with no: drift, unhealthy, dropped. */
  no: 3,
  /** An error of ours. */
  bug: 70,
} as const;
