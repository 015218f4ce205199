import { expect, test } from 'vitest';
import { families } from './families.ts';
import { chooseSequence, runSequence, runSequences, shrink, type Outcome } from './sequence.ts';
import type { Step } from './kind.ts';

// FAULTS_SEED repeats a run, FAULTS_FAMILY is one of the families only, FAULTS_SECONDS bounds it (check --long: two hours),
// FAULTS_STEPS='[...]' runs one sequence that was printed.
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
const long = process.env['SIXGATE_LONG'] !== undefined;
const seconds = Number(process.env['FAULTS_SECONDS'] ?? (long ? 7200 : 75));
const given = process.env['FAULTS_STEPS'];
const chosen = families.filter(({ name }) => [undefined, name].includes(process.env['FAULTS_FAMILY']));
/** A long run goes on after what it found. */
const most = long ? 50 : 1;
/** Sequences mostly wait. */
const atOnce = Number(process.env['FAULTS_AT_ONCE'] ?? 2);
/** A world of its own costs as much as three steps. */
const inOneWorld = 8;

test(
  `whatever happens: nothing leaks, others' tables stay, all is in order within 2 s, no flow moves without need (FAULTS_SEED=${seed})`,
  async () => {
    const end = performance.now() + seconds * 1000;
    const counts = new Map<string, number>();
    const took: number[] = [];
    let sequences = 0;
    const broken: Outcome[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (broken.length < most && performance.now() < end) {
        const place = next++;
        const family = chosen[place % chosen.length]!;
        const first = seed + Math.floor(place / chosen.length) * inOneWorld;
        const outcome =
          given === undefined
            ? await runSequences(
                family,
                Array.from({ length: inOneWorld }, (_, index) => chooseSequence(first + index, family)),
              )
            : await runSequence(family, JSON.parse(given) as Step[]);
        sequences += outcome.sequences;
        for (const { do: kind } of outcome.steps) count(counts, `${family.name}: ${kind}`);
        took.push(...outcome.took);
        // A long run may be ended before it can say all that it did.
        if (long) console.log(`${family.name} ${first}: ${outcome.sequences} sequences, ${outcome.took.length} steps`);
        if (outcome.broken !== undefined) {
          broken.push(outcome);
          console.log(describe(outcome));
        }
        if (given !== undefined) return;
      }
    };
    await Promise.all(Array.from({ length: given === undefined ? atOnce : 1 }, work));
    console.log(summarize(sequences, counts, took));
    const [first] = broken;
    if (!first) return;
    const shrunk = given === undefined && !long ? await shrink(first, 120_000) : first;
    expect.fail(describe(shrunk));
  },
  seconds * 1000 + 300_000,
);

function describe({ family, steps, broken, log }: Outcome): string {
  return `${broken}\nFAULTS_FAMILY=${family.name} FAULTS_STEPS='${JSON.stringify(steps)}'\n${log.slice(-6000)}`;
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** As docs/reliability.md has it. */
function summarize(sequences: number, counts: ReadonlyMap<string, number>, took: readonly number[]): string {
  const sorted = took.toSorted((one, other) => one - other);
  const share = (part: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  const kinds = [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, times]) => `| ${kind} | ${times} |`);
  const times = `in order again after ${share(0.5)} ms (median), ${share(0.99)} ms (99 %), ${share(1)} ms (longest)`;
  return [`FAULTS_SEED=${seed}: ${sequences} sequences, ${took.length} steps; ${times}`, ...kinds].join('\n');
}
