/**
 * Every code that a problem can have, with the exit code of a command that this problem stopped.
 * docs/errors.md explains each one, in the same groups; a test holds this table and that page together.
 */
export const problemCodes = {
  // What was given.
  'address-syntax': 2,
  'duid-syntax': 2,
  'init-unanswered': 2,
  'init-undecided': 2,
  'init-value': 2,
  'interface-name': 2,
  'mac-address': 2,
  'mapping-overlap': 2,
  'mapping-prefix': 2,
  'peer-files': 2,
  'prefix-host-bits': 2,
  'prefix-length': 2,
  'prefix-syntax': 2,
  'report-lines': 2,
  'try-time': 2,
  'version-syntax': 2,

  // The configuration.
  'config-duplicate': 78,
  'config-empty': 78,
  'config-fallback': 78,
  'config-key-missing': 78,
  'config-key-unknown': 78,
  'config-missing': 78,
  'config-name': 78,
  'config-not-built': 78,
  'config-not-kept': 78,
  'config-overlap': 78,
  'config-prefix': 78,
  'config-reference': 78,
  'config-syntax': 78,
  'config-type': 78,
  'config-unconfirmed': 78,
  'config-unusual': 78,
  'config-value': 78,

  // Delegated prefixes.
  'client-missing': 75,
  'delegation-denied': 75,
  'delegation-missing': 75,
  'delegation-refused': 1,
  'delegation-too-small': 1,
  'report-refused': 1,
  'server-silent': 75,
  'stored-unreadable': 1,
  'subprefix-missing': 1,

  // The kernel.
  'apply-failed': 1,
  'chain-not-called': 1,
  'flows-not-deleted': 1,
  'guard-not-held': 1,
  'interface-missing': 75,
  'kernel-unreadable': 1,
  'offload-missing': 69,
  'program-full': 1,
  'program-missing': 69,
  'program-refused': 69,
  'program-unusable': 69,
  'uplink-down': 75,
  'uplink-unasked': 75,

  // This machine.
  'already-running': 75,
  'daemon-missing': 3,
  'dns-failed': 75,
  'file-differs': 1,
  'file-unreadable': 1,
  'file-unwritable': 1,
  'hook-failed': 1,
  'hook-refused': 1,
  'not-permitted': 77,
  'port-taken': 75,
  'status-unreadable': 1,
  'tool-killed': 1,
  'tool-missing': 69,
  'tool-timeout': 75,
  'try-missing': 3,
  'try-no-way-back': 1,
  'try-running': 75,

  // Serving.
  'listen-failed': 75,
  'listen-in-use': 75,
  'listen-open': 2,
  'listen-syntax': 2,
  'token-unusable': 78,

  // Guests of a Xen host.
  'xen-bridged': 1,
  'xen-no-mac': 1,
  'xen-path': 2,
  'xenstore-unreadable': 75,

  // Generating.
  'example-address': 2,
  'guest-address': 2,
  'guest-name': 2,
  'intent-key': 2,
  'intent-value': 2,
  'nat-two-hosts': 2,
  'tunnel-address': 2,
  'tunnel-local': 2,
  'tunnel-mtu': 2,
  'tunnel-prefix': 2,
  'tunnel-relay': 2,
  'tunnel-subnet': 2,
  'tunnel-target': 3,
} as const satisfies Record<string, 1 | 2 | 3 | 69 | 75 | 77 | 78>;

export type ProblemCode = keyof typeof problemCodes;
