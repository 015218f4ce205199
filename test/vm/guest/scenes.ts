import type { Scene } from './scene.ts';
import { badTwins } from './scenes/bad-twins.ts';
import { byEachTool } from './scenes/by-each-tool.ts';
import { doctor } from './scenes/doctor.ts';
import { filters, relayFilters } from './scenes/filters.ts';
import { keepalive } from './scenes/keepalive.ts';
import { mtu } from './scenes/mtu.ts';
import { natGateways, staleEntries } from './scenes/nat-gateway.ts';
import { options } from './scenes/options.ts';
import { site } from './scenes/site.ts';

/** In the order in which they run; those whose name has the word, or all. */
export function scenesNamed(word: string): readonly Scene[] {
  return all.filter(({ name }) => name.includes(word));
}

/** What waits meanwhile is judged last. */
const all: readonly Scene[] = [
  ...byEachTool,
  ...options,
  ...natGateways,
  ...staleEntries,
  ...filters,
  ...relayFilters,
  ...badTwins,
  site,
  ...mtu,
  ...doctor,
  keepalive,
];
