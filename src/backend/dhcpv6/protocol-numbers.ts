/** Message types (RFC 9915 section 7.3) that a client sends or hears. */
export const messageTypes = {
  solicit: 1,
  advertise: 2,
  request: 3,
  renew: 5,
  rebind: 6,
  reply: 7,
  release: 8,
  reconfigure: 10,
} as const;

export type MessageType = keyof typeof messageTypes;

/** Option codes (RFC 9915 section 21, RFC 6603 section 4.2). */
export const optionCodes = {
  clientId: 1,
  serverId: 2,
  optionRequest: 6,
  preference: 7,
  elapsedTime: 8,
  authentication: 11,
  statusCode: 13,
  rapidCommit: 14,
  reconfigureMessage: 19,
  reconfigureAccept: 20,
  iaPd: 25,
  iaPrefix: 26,
  pdExclude: 67,
  solMaxRt: 82,
} as const;

/** Status codes (RFC 9915 section 21.13) that mean something to a client of prefixes. */
export const statusCodes = { success: 0, unspecFail: 1, noBinding: 3, noPrefixAvail: 6 } as const;

const statusNames = [
  'Success',
  'UnspecFail',
  'NoAddrsAvail',
  'NoBinding',
  'NotOnLink',
  'UseMulticast',
  'NoPrefixAvail',
] as const;

/** The RFC's name of a status code, or its number. */
export function nameStatus(code: number): string {
  return statusNames[code] ?? `status ${code}`;
}
