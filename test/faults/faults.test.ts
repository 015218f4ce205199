import { expect, test } from 'vitest';
import { chooseSequence, runSequence, shrink, type Outcome } from './sequence.ts';
import type { Step } from './steps.ts';

// FAULTS_SEED repeats a run, FAULTS_SECONDS bounds it (check --long: two hours), FAULTS_STEPS='[...]' runs one sequence that was printed.
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
const long = process.env['SIXGATE_LONG'] !== undefined;
const seconds = Number(process.env['FAULTS_SECONDS'] ?? (long ? 7200 : 75));
const given = process.env['FAULTS_STEPS'];
/** Sequences mostly wait. */
const atOnce = 2;

test(
  `whatever happens: nothing leaks, others' tables stay, all is in order within 2 s, no flow moves without need (FAULTS_SEED=${seed})`,
  async () => {
    const end = performance.now() + seconds * 1000;
    const counts = new Map<string, number>();
    const took: number[] = [];
    let sequences = 0;
    const broken: Outcome[] = [];
    const work = async (first: number): Promise<void> => {
      for (let next = seed + first; broken.length === 0 && performance.now() < end; next += atOnce) {
        const outcome = await runSequence(given === undefined ? chooseSequence(next) : (JSON.parse(given) as Step[]));
        sequences++;
        for (const { do: kind } of outcome.steps) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        took.push(...outcome.took);
        if (outcome.broken !== undefined) broken.push(outcome);
        if (given !== undefined) return;
      }
    };
    await Promise.all(Array.from({ length: given === undefined ? atOnce : 1 }, (_, index) => work(index)));
    console.log(summarize(sequences, counts, took));
    const [first] = broken;
    if (!first) return;
    const shrunk = given === undefined ? await shrink(first, 60_000) : first;
    expect.fail(`${shrunk.broken}\nFAULTS_STEPS='${JSON.stringify(shrunk.steps)}'\n${shrunk.log}`);
  },
  seconds * 1000 + 240_000,
);

/** As docs/reliability.md has it. */
function summarize(sequences: number, counts: ReadonlyMap<string, number>, took: readonly number[]): string {
  const sorted = took.toSorted((one, other) => one - other);
  const share = (part: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  const kinds = [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, count]) => `| ${kind} | ${count} |`);
  const times = `in order again after ${share(0.5)} ms (median), ${share(0.99)} ms (99 %), ${share(1)} ms (longest)`;
  return [`FAULTS_SEED=${seed}: ${sequences} sequences, ${took.length} steps; ${times}`, ...kinds].join('\n');
}
