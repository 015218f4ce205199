import type { ProblemCode } from './problem-codes.ts';

/** An expected failure as a value: a closed code, one sentence, and what to do about it. */
export interface Problem {
  readonly code: ProblemCode;
  /** One sentence that names the place and what is wrong there. */
  readonly message: string;
  /** What the reader can do about it, as an imperative sentence. */
  readonly mend?: string;
  /** Where in the given text, in characters from its start (0-based). */
  readonly at?: number;
}
