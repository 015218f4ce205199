/** What one server process gives at most. Connections and streams of one peer: see `peerOf`. */
export const limits = {
  connections: 256,
  connectionsOfOne: 48,
  streams: 64,
  /** Requests a second, and at once; through a reverse proxy all come from loopback. */
  requests: { perSecond: 30, burst: 200 },
  requestsFromLoopback: { perSecond: 300, burst: 2000 },
  /** How many requests a wrong token counts for. */
  wrongToken: 40,
  headerBytes: 8192,
  headers: 64,
  targetBytes: 2048,
  /** Milliseconds. */
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 20_000,
  /** Without a byte in either direction. */
  idleTimeout: 30_000,
  /** From the request to the last byte of the answer, but for streams. */
  answerTimeout: 60_000,
  /** From the signal to end until connections are cut. */
  stopTimeout: 2_000,
} as const;
