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

/** Behind `without`, in this order: each begins with what the one before left. */
const scenes: readonly Scene[] = [handOver, filters, prefixes, interfaces, twoUplinks];

/**
 * All, or those whose name fits and what they stand on: that the modules are there, and for filters what the scene before them made. Figures come at the
 * end, when nothing else runs, or alone.
 */
export function programmeOf(word: string): ProgrammeOn<Lab> {
  if (word === '') return { lanes: [[without, ...scenes]], last: [figures] };
  if (word === figures.name) return { lanes: [], last: [figures] };
  const fits = ({ name }: Scene): boolean => new RegExp(word).test(name);
  const chosen = scenes.filter((scene) => fits(scene) || (scene === handOver && fits(filters)));
  return { lanes: [[{ ...without, checks: without.checks.slice(-1) }, ...chosen]], last: [] };
}
