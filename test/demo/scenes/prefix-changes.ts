import { longestOutage, watchChange, type SeenChange } from '../watch-change.ts';
import type { Stage } from '../stage.ts';

/** The provider changes the prefix gently (the old one works for a while), then several times from one moment to the next. */
export async function playPrefixChanges(stage: Stage, counts: { planned: number; sudden: number }): Promise<void> {
  const { narrator, claims, lab } = stage;
  const seen: SeenChange[] = [];
  narrator.scene('A gentle change: a new prefix is announced, the old one works for a while');
  for (let round = 0; round < counts.planned; round++) {
    seen.push(await watchChange(stage, { old: 'valid' }));
    await lab.provider.endOldSites();
  }
  narrator.scene('Renumbered without notice, as after a DSL reconnect: the old prefix is dead at once');
  const sudden: SeenChange[] = [];
  for (let round = 0; round < counts.sudden; round++) sudden.push(await watchChange(stage, {}));
  seen.push(...sudden);

  const leaked = seen.reduce((sum, change) => sum + change.leaked, 0);
  claims.check(`leaked over ${seen.length} prefix changes`, '0', String(leaked), leaked === 0);
  const inForce = median(seen.map((change) => change.inForce));
  claims.check('REPLY -> new mapping in force, median', '<= 30 ms', `${inForce.toFixed(1)} ms`, inForce <= 30);
  const gone = Math.max(
    ...sudden.flatMap(({ lan1, lan2 }) => [longestOutage(lan1['udp-new']), longestOutage(lan2['udp-new'])]),
  );
  claims.check('without notice: new flows are back', '<= 300 ms', `${gone.toFixed(0)} ms`, gone <= 300);
  const long = Math.max(
    ...seen.flatMap(({ lan1, lan2 }) =>
      [lan1, lan2].flatMap((host) => [host['udp-long'], host['icmp-long']].map(longestOutage)),
    ),
  );
  claims.check('long UDP and ICMP flows: moved', '<= 500 ms', `${long.toFixed(0)} ms`, long <= 500);
  const sources = seen.every(({ lan1, lan2 }) => [lan1, lan2].every((host) => host['udp-new'].sources.length === 2));
  claims.check('each host: one source before, one after', 'always', sources ? 'always' : 'not always', sources);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
