import { writeSync } from 'node:fs';
import type { ProgrammeOn, SceneOn, Verdict } from './scene.ts';

/** Runs every scene inside the test machine and says on `port`, a file descriptor, how each check ended. */
export async function playProgramme<Lab>({ lanes, last }: ProgrammeOn<Lab>, lab: Lab, port: number): Promise<void> {
  const begun = new Map(
    [...lanes.flat(), ...last].map((scene) => [scene, failureOf(() => scene.meanwhile?.(lab) ?? Promise.resolve())]),
  );
  await Promise.all(lanes.map(play));
  await play(last);

  async function play(scenes: readonly SceneOn<Lab>[]): Promise<void> {
    for (const scene of scenes) {
      const broken = (await begun.get(scene)) ?? (await failureOf(() => scene.setUp?.(lab) ?? Promise.resolve()));
      for (const check of scene.checks) {
        const start = performance.now();
        let said: string | undefined;
        const run = async () => {
          said = (await check.run(lab)) ?? undefined;
        };
        const failure = broken === undefined ? await failureOf(run) : `set-up: ${broken}`;
        const verdict: Verdict = {
          scene: scene.name,
          check: check.name,
          milliseconds: Math.round(performance.now() - start),
          ...(failure !== undefined && { failure }),
          ...(said !== undefined && { said }),
        };
        writeSync(port, `${JSON.stringify(verdict)}\n`);
      }
    }
  }
}

async function failureOf(action: () => Promise<void>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
