import { waitUntil } from '../lab/wait-until.ts';
import { expectNothing, type Expected } from './expected.ts';
import type { Family } from './family.ts';
import { judge, type Verdict } from './invariants.ts';
import type { Step } from './kind.ts';
import { patience } from './patience.ts';
import { createRandom, type Random } from './random.ts';
import { chooseStep, runStep } from './steps.ts';
import { World } from './world.ts';

export interface Outcome {
  readonly family: Family;
  /** Of all sequences that this world went through. */
  readonly steps: readonly Step[];
  /** How many sequences went to their end. */
  readonly sequences: number;
  /** Undefined where every invariant held after every step. */
  readonly broken?: string;
  /** The index of the step after which it did not hold. */
  readonly at?: number;
  readonly took: readonly number[];
  readonly log: string;
}

/** A first delegation, then a few steps at random. */
export function chooseSequence(seed: number, family: Family): Step[] {
  const random = createRandom(seed);
  const length = 3 + random.below(8);
  const steps = [chooseFirst(random, family), ...(family.first ?? [])];
  while (steps.length < length) steps.push(chooseStep(random, family));
  return steps;
}

function chooseFirst(random: Random, family: Family): Step {
  return { do: 'renumber', ...family.kinds['renumber']!.choose(random, family) };
}

/** One sequence after the other in the same world, as long as all holds. */
export async function runSequences(family: Family, sequences: readonly (readonly Step[])[]): Promise<Outcome> {
  const world = await World.start(family);
  const steps: Step[] = [];
  const took: number[] = [];
  let done = 0;
  const outcome = (broken?: string, log = world.log()): Outcome => ({
    family,
    steps,
    sequences: done,
    took,
    log,
    ...(broken !== undefined && { broken, at: steps.length - 1 }),
  });
  try {
    world.startDaemon();
    await world.waitForGuard();
    world.startTraffic();
    const expected = expectNothing();
    for (const sequence of sequences) {
      for (const step of sequence) {
        const verdict = await take(world, expected, step);
        steps.push(step);
        took.push(verdict.took);
        if (verdict.broken !== undefined) return outcome(verdict.broken);
      }
      // What lingers ends by itself, and then the kernel is ahead of the disk for a moment.
      const said = await waitUntil('sixgate plan to be content', async () => (await world.sixgate('plan')).code === 0, {
        timeout: 2 * patience(),
      }).catch(async () => (await world.sixgate('plan')).stdout);
      if (said !== true) return outcome(`sixgate plan: ${said}`);
      done++;
    }
    return outcome();
  } catch (error) {
    return outcome(error instanceof Error ? error.message : String(error));
  } finally {
    await world.stop();
  }
}

async function take(world: World, expected: Expected, step: Step): Promise<Verdict> {
  const before = world.traffic.long;
  expected.before = [...expected.held, ...(expected.spare === undefined ? [] : [expected.spare])];
  expected.ended = [];
  expected.moved = false;
  try {
    await runStep(world, expected, step);
    await world.family.after?.(world, expected);
    return await judge(world, expected, before);
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error), took: 0 };
  }
}

export function runSequence(family: Family, steps: readonly Step[]): Promise<Outcome> {
  return runSequences(family, [steps]);
}

/** Leaves out steps for as long as it still breaks; what is left. Ends when the time is over. */
export async function shrink(outcome: Outcome, milliseconds: number): Promise<Outcome> {
  const end = performance.now() + milliseconds;
  let best = outcome;
  let { steps } = outcome;
  // From halves to single steps.
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = steps.length - 1 - size; from > -size && performance.now() < end; from -= size) {
      const fewer = steps.filter((_, place) => place < from || place >= from + size);
      const again = await runSequence(outcome.family, fewer);
      if (again.broken === undefined) continue;
      best = again;
      steps = again.steps;
    }
  }
  return { ...best, steps };
}
