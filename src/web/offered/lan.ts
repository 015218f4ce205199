import { deriveLanIntent } from '../../generate/lan/lan-intent.ts';
import { lanTargets, type LanTarget } from '../../generate/lan/lan-targets.ts';
import { derivedKind } from '../kinds/derived-kind.ts';
import { lanSteps, radvdSteps } from '../kinds/lan-steps.ts';
import { lanTargetLabels } from '../kinds/lan-target-labels.ts';
import { places } from '../kinds/places.ts';

/** The router's inside addresses, and radvd where networks are advertised. */
export const kind = derivedKind({
  name: 'lan',
  targets: lanTargetLabels,
  files: (config, target) => lanTargets[target as LanTarget](deriveLanIntent(config, places.radvdConfig)),
  steps: (config, target) => [...lanSteps(config, target as LanTarget), ...radvdSteps(config)],
});
