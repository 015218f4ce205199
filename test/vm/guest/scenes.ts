import type { ProgrammeOn } from '../../qemu/inside/scene.ts';
import type { Lab } from './lab.ts';
import type { Scene } from './scene.ts';
import { badTwinsBehindNat, badTwinsRefused } from './scenes/bad-twins.ts';
import { byEachTool } from './scenes/by-each-tool.ts';
import { doctor } from './scenes/doctor.ts';
import { filters, relayFilters } from './scenes/filters.ts';
import { guides } from './scenes/guides.ts';
import { keepalive } from './scenes/keepalive.ts';
import { mtu } from './scenes/mtu.ts';
import { natGateways, staleEntries } from './scenes/nat-gateway.ts';
import { letsInBroker, withOptions } from './scenes/options.ts';
import { site } from './scenes/site.ts';

/**
 * Scenes in the order in which they run. Those of two lanes run beside each other, since much of each is waiting: one has
 * alpha and whom it talks to for itself, the other gate, inner and agency; beta and net serve both.
 */
const lanes: readonly (readonly Scene[])[] = [
  [
    ...byEachTool('alpha'),
    withOptions,
    ...filters,
    ...relayFilters,
    badTwinsRefused,
    site,
    ...mtu,
    ...doctor.slice(0, 1),
  ],
  [...byEachTool('inner'), letsInBroker, ...natGateways, ...staleEntries, badTwinsBehindNat],
];

/** Alone: what takes hosts of both lanes, what takes beta away, and what was begun with the machine. */
const last: readonly Scene[] = [...guides, ...doctor.slice(1), keepalive];

/** The scenes whose name has the word, or all. */
export function programmeOf(word: string): ProgrammeOn<Lab> {
  const chosen = (scenes: readonly Scene[]) => scenes.filter(({ name }) => name.includes(word));
  return { lanes: lanes.map(chosen), last: chosen(last) };
}
