import type { ProgrammeOn } from '../../qemu/inside/scene.ts';
import type { Lab } from './lab.ts';
import type { Scene } from './scene.ts';
import { badConfiguration } from './scenes/bad-configuration.ts';
import { before } from './scenes/before.ts';
import { hookTime, nothingLeft } from './scenes/end.ts';
import { guides } from './scenes/guides.ts';
import { ipv6Only } from './scenes/ipv6-only.ts';
import { names } from './scenes/names.ts';
import { proxyNdp } from './scenes/proxy-ndp.ts';
import { spoof } from './scenes/spoof.ts';
import { twin } from './scenes/twin.ts';

/**
 * One lane: Dom0 has one processor. What changes the configuration or Dom0 for all is last; the very last takes its IPv4, without
 * which vif-route ends before any hook, also when a guest goes.
 */
const lanes: readonly (readonly Scene[])[] = [[before, spoof, names, twin, proxyNdp, ...guides]];
const last: readonly Scene[] = [hookTime, badConfiguration, nothingLeft, ipv6Only];

/** The scenes whose name fits the regular expression; the empty one fits all. */
export function programmeOf(word: string): ProgrammeOn<Lab> {
  const chosen = (scenes: readonly Scene[]) => scenes.filter(({ name }) => new RegExp(word).test(name));
  return { lanes: lanes.map(chosen), last: chosen(last) };
}
