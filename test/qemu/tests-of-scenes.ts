import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { boot } from './boot.ts';
import type { ProgrammeOn } from './inside/scene.ts';

/** Boots one machine for all scenes; each of their checks is a test. */
export function testsOfScenes<Lab>({ lanes, last }: ProgrammeOn<Lab>, start: () => ReturnType<typeof boot>): void {
  let running: Awaited<ReturnType<typeof boot>> | undefined;

  beforeAll(async () => {
    running = await start();
  }, 600_000);
  afterAll(() => running?.stop());

  /* oxlint-disable vitest/valid-title -- the titles are the scenes' own */
  for (const { name: scene, checks } of [...lanes.flat(), ...last]) {
    describe(scene, () => {
      for (const { name } of checks) {
        test(name, { timeout: 900_000 }, async () => {
          const { failure } = await running!.machine.verdict(scene, name);
          expect(failure ?? 'all well').toBe('all well');
        });
      }
    });
  }
}
