/** What the server of these tests is told, as JSON in its only argument. */
export interface ServerJob {
  /** The interface that it serves. */
  readonly link: string;
  readonly prefix: string;
  /** In seconds. */
  readonly valid: number;
  /** 16 bytes in hexadecimal digits: it gives this key for Reconfigure messages with each Reply. */
  readonly key?: string;
  /** Before each good answer it sends everything that a client must not take, and a flood of it. */
  readonly hostile?: boolean;
}
