/** A file that a generator made; nothing has been written. */
export interface GeneratedFile {
  /** Absolute, as it is to be on the machine it is for. */
  readonly path: string;
  /** Permissions, as in `0o644`. */
  readonly mode: number;
  readonly text: string;
}
