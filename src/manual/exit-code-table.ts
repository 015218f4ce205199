/** What the exit codes of every command mean, for its page; those from 64 on are those of sysexits.h. */
export const exitCodeTable: readonly (readonly [number, string])[] = [
  [0, 'Done, or in sync.'],
  [1, 'Failed.'],
  [2, 'The command line is wrong.'],
  [3, 'The answer is no: something would change, is unhealthy or is dropped.'],
  [69, 'A tool or a kernel feature is missing.'],
  [70, 'A bug in sixgate.'],
  [75, 'Try again later.'],
  [77, 'Not permitted.'],
  [78, 'The configuration is not valid.'],
];
