import { askSource } from '../../lab/probes.ts';
import type { Stage } from '../stage.ts';

/** Hosts reach each other by their outside addresses, within one subnet too, and see outside addresses. */
export async function playHairpin(stage: Stage): Promise<void> {
  const { lab, narrator, claims } = stage;
  narrator.scene('Hosts talk to each other by their outside addresses');
  const cases = [
    { from: 'lan1', to: 'lan2', target: stage.outside(1, '10'), expected: stage.outside(0, '10') },
    { from: 'lan2', to: 'lan1', target: stage.outside(0, '10'), expected: stage.outside(1, '10') },
    { from: 'lan1', to: 'lan1b', target: stage.outside(0, '11'), expected: stage.outside(0, '10') },
  ] as const;
  let kept = 0;
  for (const { from, to, target, expected } of cases) {
    const udp = await askSource(lab, from, { target });
    const tcp = await askSource(lab, from, { target, protocol: 'tcp' });
    if (udp.source === expected && tcp.source === expected) kept++;
    const seen = [...new Set([udp.source ?? udp.error, tcp.source ?? tcp.error])].join(' / ');
    narrator.event(from, `asks ${to} at ${target}, which sees it as ${seen}`);
  }
  claims.check(
    'hairpin, UDP and TCP, one subnet too',
    `${cases.length} of ${cases.length}`,
    `${kept} of ${cases.length}`,
    kept === cases.length,
  );
}
