/**
 * Every code that a problem can have, with the exit code of a command that this problem stopped.
 * docs/errors.md explains each one; a test holds this table and that page together.
 */
export const problemCodes = {
  'address-syntax': 2,
  'prefix-syntax': 2,
  'prefix-host-bits': 2,
  'mapping-overlap': 2,
  'mapping-prefix': 2,
  'config-duplicate': 78,
  'config-empty': 78,
  'config-key-missing': 78,
  'config-key-unknown': 78,
  'config-missing': 78,
  'config-name': 78,
  'config-not-built': 78,
  'config-overlap': 78,
  'config-prefix': 78,
  'config-reference': 78,
  'config-syntax': 78,
  'config-type': 78,
  'config-unusual': 78,
  'config-value': 78,
  'interface-name': 2,
  'delegation-missing': 75,
  'delegation-too-small': 1,
  'apply-failed': 1,
  'kernel-unreadable': 1,
  'not-permitted': 77,
  'already-running': 75,
  'interface-missing': 75,
  'guard-not-held': 1,
  'flows-not-deleted': 1,
  'tool-missing': 69,
  'tool-timeout': 75,
  'tool-killed': 1,
  'file-unreadable': 1,
  'file-unwritable': 1,
} as const satisfies Record<string, 1 | 2 | 3 | 69 | 75 | 77 | 78>;

export type ProblemCode = keyof typeof problemCodes;
