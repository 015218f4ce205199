import { waitUntil } from '../lab/wait-until.ts';
import type { Expected } from './expected.ts';
import { judge, type Verdict } from './invariants.ts';
import { createRandom } from './random.ts';
import { chooseStep, kinds, runStep, type Step } from './steps.ts';
import { inside, World } from './world.ts';

export interface Outcome {
  readonly steps: readonly Step[];
  /** Undefined where every invariant held after every step. */
  readonly broken?: string;
  /** The index of the step after which it did not hold. */
  readonly at?: number;
  readonly took: readonly number[];
  readonly log: string;
}

export const config = `
uplinks:
  dsl:
    interface: eth0
    prefix: { from: dhcpcd, length: 58 }
networks:
  home:
    prefix: ${inside}
    subnets:
      lan: { id: 0, interface: eth1 }
translate:
  - { network: home, uplink: dsl }
`;

/** A first delegation, then a few steps at random. */
export function chooseSequence(seed: number, only?: readonly string[]): Step[] {
  const random = createRandom(seed);
  const length = 3 + random.below(8);
  const steps = [chooseFirst(random)];
  while (steps.length < length) {
    const step = chooseStep(random);
    if (!only || only.includes(step.do)) steps.push(step);
  }
  return steps;
}

function chooseFirst(random: Parameters<typeof chooseStep>[0]): Step {
  return { do: 'renumber', ...kinds['renumber']!.choose(random) };
}

export async function runSequence(steps: readonly Step[]): Promise<Outcome> {
  const world = await World.start(config);
  const took: number[] = [];
  let log = '';
  try {
    world.startDaemon();
    await world.waitForGuard();
    world.startTraffic();
    const expected: Expected = { held: [], before: [], ended: [] };
    for (const [index, step] of steps.entries()) {
      const before = world.traffic.long;
      expected.before = expected.held;
      expected.ended = [];
      let verdict: Verdict;
      try {
        await runStep(world, expected, step);
        verdict = await judge(world, expected, before);
      } catch (error) {
        verdict = { broken: error instanceof Error ? error.message : String(error), took: 0 };
      }
      took.push(verdict.took);
      if (verdict.broken === undefined) continue;
      log = world.daemon?.log() ?? '';
      return { steps, broken: verdict.broken, at: index, took, log };
    }
    // What lingers ends by itself, and then the kernel is ahead of the disk for a moment.
    const said = await waitUntil('sixgate plan to be content', async () => (await world.sixgate('plan')).code === 0, {
      timeout: 4000,
    }).catch(async () => (await world.sixgate('plan')).stdout);
    if (said !== true) return { steps, broken: `sixgate plan: ${said}`, at: steps.length, took, log };
    return { steps, took, log };
  } finally {
    await world.stop();
  }
}

/** Leaves out steps for as long as it still breaks; what is left. Ends when the time is over. */
export async function shrink(outcome: Outcome, milliseconds: number): Promise<Outcome> {
  const end = performance.now() + milliseconds;
  let best = outcome;
  let steps = outcome.steps.slice(0, (outcome.at ?? 0) + 1);
  for (let index = steps.length - 2; index >= 0 && performance.now() < end; index--) {
    const fewer = steps.filter((_, place) => place !== index);
    const again = await runSequence(fewer);
    if (again.broken === undefined) continue;
    best = again;
    steps = fewer;
  }
  return { ...best, steps };
}
