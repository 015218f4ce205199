import type { SceneOn } from '../qemu/inside/scene.ts';
import type { Page, Step } from './page.ts';
import { playPage } from './play-page.ts';
import type { Stage } from './stage.ts';

/** A page as a scene of a test machine: each of its steps is a check, so that one that is slow is not taken for one that hangs. */
export function sceneOfPage<Lab>(page: Page, stageOn: (lab: Lab) => Promise<Stage>): SceneOn<Lab> {
  let stage: Promise<Stage> | undefined;
  let broken: string | undefined;
  return {
    name: page.path,
    checks: page.steps.map((step) => ({
      name: `line ${step.line}: ${titleOf(step)}`,
      async run(lab) {
        if (broken !== undefined) throw new Error(`before this: ${broken}`);
        stage ??= stageOn(lab);
        const { failure } = await playPage({ ...page, steps: [step] }, await stage);
        broken = failure;
        if (failure !== undefined) throw new Error(failure);
      },
    })),
  };
}

function titleOf(step: Step): string {
  if (step.do === 'act') return step.words.join(' ');
  if (step.do === 'write') return step.path;
  if (step.do === 'elsewhere') return step.place;
  return step.do === 'install' ? step.packages.join(' ') : step.text.split('\n')[0]!;
}
