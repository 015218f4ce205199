/** What the server is to say, which it reads from a file for each message that it hears. */
export interface ServerWord {
  readonly named: readonly string[];
  readonly dead: readonly string[];
  readonly valid: number;
  /** Besides its answer, or in its place. */
  readonly how: ServerWay;
}

export const serverWays = [
  'honest',
  'silent',
  'torn',
  'strangers',
  'times',
  'zero',
  'infinite',
  'thousand',
  'other prefixes',
  'no prefix',
  'twice',
  'reconfigure',
  'late',
] as const;
export type ServerWay = (typeof serverWays)[number];
