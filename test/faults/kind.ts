import type { Expected } from './expected.ts';
import type { Family } from './family.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** One thing that happens; plain data, so that a failing sequence can be printed and run again. */
export interface Step {
  readonly do: string;
  readonly [argument: string]: unknown;
}

export interface Kind {
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
  choose(random: Random, family: Family): Record<string, unknown>;
  /** Ends when the fault itself is over; what should be the case then is in `expected`. */
  run(world: World, expected: Expected, step: never): Promise<void>;
}

export type Kinds = Readonly<Record<string, Kind>>;
