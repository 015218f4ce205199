/** Runs every scene inside the test machine and says on the second serial port how each check ended. */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { Lab } from './lab.ts';
import type { Scene, Verdict } from './scene.ts';
import { programmeOf } from './scenes.ts';

const port = openSync('/dev/ttyS1', 'w');
const lab = new Lab();
const { lanes, last } = programmeOf(readFileSync('/sixgate/only', 'utf8'));
const begun = new Map(
  [...lanes.flat(), ...last].map((scene) => [scene, failureOf(() => scene.meanwhile?.(lab) ?? Promise.resolve())]),
);
await Promise.all(lanes.map(play));
await play(last);

async function play(scenes: readonly Scene[]): Promise<void> {
  for (const scene of scenes) {
    const broken = (await begun.get(scene)) ?? (await failureOf(() => scene.setUp?.(lab) ?? Promise.resolve()));
    for (const check of scene.checks) {
      const start = performance.now();
      const failure = broken === undefined ? await failureOf(() => check.run(lab)) : `set-up: ${broken}`;
      report({
        scene: scene.name,
        check: check.name,
        milliseconds: Math.round(performance.now() - start),
        ...(failure !== undefined && { failure }),
      });
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

function report(verdict: Verdict): void {
  writeSync(port, `${JSON.stringify(verdict)}\n`);
}
