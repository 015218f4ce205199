import type { SceneOn } from '../qemu/inside/scene.ts';
import type { Page } from './page.ts';
import { playPage } from './play-page.ts';
import type { Stage } from './stage.ts';

/** A page as a scene of a test machine. */
export function sceneOfPage<Lab>(page: Page, stageOn: (lab: Lab) => Promise<Stage>): SceneOn<Lab> {
  return {
    name: page.path,
    checks: [
      {
        name: 'its commands do what it says',
        async run(lab) {
          const { failure } = await playPage(page, await stageOn(lab));
          if (failure !== undefined) throw new Error(failure);
        },
      },
    ],
  };
}
