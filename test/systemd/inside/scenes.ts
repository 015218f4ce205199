import type { ProgrammeOn } from '../../qemu/inside/scene.ts';
import type { Lab } from './lab.ts';
import type { Scene } from './scene.ts';
import { crash } from './scenes/crash.ts';
import { firstPacket } from './scenes/first-packet.ts';
import { installation } from './scenes/installation.ts';
import { judgements } from './scenes/judgements.ts';
import { nftablesService } from './scenes/nftables-service.ts';
import { pages } from './scenes/pages.ts';
import { reload } from './scenes/reload.ts';
import { removal } from './scenes/removal.ts';
import { rfc6296 } from './scenes/rfc6296.ts';
import { trial } from './scenes/trial.ts';
import { upgrade } from './scenes/upgrade.ts';
import { watchdog } from './scenes/watchdog.ts';
import { wrongConfigAfter, wrongConfigBefore } from './scenes/wrong-config.ts';

const second: readonly Scene[] = [
  firstPacket,
  pages,
  judgements,
  watchdog,
  reload,
  crash,
  trial,
  upgrade,
  nftablesService,
  rfc6296,
  wrongConfigBefore,
];

const third: readonly Scene[] = [wrongConfigAfter, removal];

/** By boot: all scenes, or of the later boots those whose name has the word. The first boot is the way there. */
export function bootsOf(word: string): readonly ProgrammeOn<Lab>[] {
  const later = [second, third].map((scenes) => scenes.filter(({ name }) => name.includes(word)));
  return [[installation], ...later.filter((scenes) => scenes.length > 0)].map((scenes) => ({
    lanes: [scenes],
    last: [],
  }));
}
