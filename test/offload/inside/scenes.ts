import type { ProgrammeOn } from '../../qemu/inside/scene.ts';
import type { Lab } from './lab.ts';
import type { Scene } from './scene.ts';
import { figures } from './scenes/figures.ts';
import { filters } from './scenes/filters.ts';
import { handOver } from './scenes/hand-over.ts';
import { interfaces } from './scenes/interfaces.ts';
import { prefixes } from './scenes/prefixes.ts';
import { twoUplinks } from './scenes/two-uplinks.ts';
import { without } from './scenes/without.ts';

/** In this order: each begins with what the one before left. */
const scenes: readonly Scene[] = [without, handOver, filters, prefixes, interfaces, twoUplinks];

/**
 * The first two, which the others stand on, and those whose name has the word; figures at the end, when nothing else runs, or alone.
 */
export function programmeOf(word: string): ProgrammeOn<Lab> {
  if (word === figures.name) return { lanes: [], last: [figures] };
  const chosen = scenes.filter((scene, index) => index < 2 || scene.name.includes(word));
  return { lanes: [chosen], last: word === '' ? [figures] : [] };
}
