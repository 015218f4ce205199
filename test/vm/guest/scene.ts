import type { Lab } from './lab.ts';

/** Checks that share what `setUp` made. Where that fails, each of them fails with its reason. */
export interface Scene {
  readonly name: string;
  setUp?(lab: Lab): Promise<void>;
  /** Begins with the machine and runs beside all other scenes, on hosts of its own: mostly waiting. */
  meanwhile?(lab: Lab): Promise<void>;
  readonly checks: readonly Check[];
}

export interface Check {
  readonly name: string;
  /** Throws what is wrong. */
  run(lab: Lab): Promise<void>;
}

/** One line on the second serial port. */
export interface Verdict {
  readonly scene: string;
  readonly check: string;
  readonly milliseconds: number;
  /** Missing where all is well. */
  readonly failure?: string;
}
