import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { targets } from './targets.ts';

// FUZZ_SEED repeats a run, FUZZ_CASES and FUZZ_SECONDS bound it for each reader; check --long gives a million cases.
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const long = process.env['SIXGATE_LONG'] !== undefined;
const cases = Number(process.env['FUZZ_CASES'] ?? (long ? 1_000_000 : Infinity));
const milliseconds = Number(process.env['FUZZ_SECONDS'] ?? (long ? 14_400 : 1.5)) * 1000;

test.each(targets.map(({ name }) => name))(
  'whatever stands there is answered: %s',
  async (target) => {
    const { fault, ...outcome } = await fuzz({ target, seed, cases, milliseconds });
    console.log(
      `${target}: ${outcome.cases} cases, ${outcome.blocks} blocks, slowest ${Math.round(outcome.slowest.milliseconds)} ms`,
    );
    if (fault) expect.fail(`FUZZ_SEED=${seed}: ${fault.what}\n${JSON.stringify(fault.text).slice(0, 4000)}`);
    expect(outcome.cases).toBeGreaterThan(cases === Infinity ? 20 : cases - 1);
  },
  milliseconds + 120_000,
);
