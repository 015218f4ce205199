import { MachineStage } from '../../../docs/machine-stage.ts';
import { pagesFor } from '../../../docs/pages-for.ts';
import { sceneOfPage } from '../../../docs/scene-of-page.ts';
import type { GuestName } from '../guest-cases.ts';
import type { Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

/** The pages of docs that need a Xen host. */
export const guides: readonly Scene[] = pagesFor('xenvm').map((page) =>
  sceneOfPage(page, async (lab: Lab) => new MachineStage((name) => hostOf(lab, name), act(lab))),
);

const hostOf = (lab: Lab, name: string) => (name === 'dom0' ? lab.dom0 : lab.guest(name as GuestName));

const act =
  (lab: Lab) =>
  async ([what, name]: readonly string[]): Promise<void> => {
    if (what === 'start') await lab.start(name as GuestName);
    else if (what === 'destroy') await lab.guest(name as GuestName).destroy();
    else if (what === 'run') await lab.dom0.sh(name!);
    else throw new Error(`the machine cannot "${what}"`);
  };
