import { deriveFirewallIntent } from '../../generate/firewall/derive-firewall-intent.ts';
import { firewallTargets, type FirewallTarget } from '../../generate/firewall/firewall-targets.ts';
import { readSteps } from '../files/read-steps.ts';
import { deriveIntent, readIntentValues } from '../form/intent.ts';
import { configExample, configFields } from '../kinds/config-fields.ts';
import { drawConfig } from '../kinds/draw-config.ts';
import type { Kind } from '../kinds/kind.ts';
import { writeConfig } from '../kinds/write-config.ts';

/** What a firewall of one's own has to let through; it follows from config.yaml. */
export const kind: Kind = {
  name: 'firewall',
  form: 'config',
  fields: configFields,
  targets: [
    { name: 'nftables', label: 'nftables' },
    { name: 'iptables', label: 'iptables' },
  ],
  example: configExample,
  make(values, target) {
    const { loaded, problems, warnings } = writeConfig(values);
    const drawing = drawConfig(values, loaded?.config);
    const commands = [`sixgate generate firewall --for ${target}`];
    if (loaded === undefined) return { files: [], problems, warnings, advice: [], drawing, steps: [], commands };
    const files = [firewallTargets[target as FirewallTarget](deriveFirewallIntent(loaded.config))];
    return { files, problems, warnings, advice: [], drawing, steps: readSteps(files), commands };
  },
  toIntent: (values) => ({ kind: 'firewall', ...deriveIntent(configFields, values) }),
  fromIntent: (intent) => readIntentValues(configFields, intent),
};
