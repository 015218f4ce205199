import { defaultEventsDirectory, generateUplink } from '../../generate/uplink/generate-uplink.ts';
import type { UplinkTarget } from '../../generate/uplink/uplink-targets.ts';
import type { Drawing } from '../drawing/drawing.ts';
import type { Intent } from '../form/intent.ts';
import { textOf, type Values } from '../form/values.ts';
import { dhcpcdVersionField } from '../kinds/dhcpcd-version-field.ts';
import { intentKind } from '../kinds/intent-kind.ts';

export const kind = intentKind({
  name: 'uplink',
  targets: [
    { name: 'dhcpcd', label: 'dhcpcd' },
    { name: 'ifupdown', label: 'ifupdown' },
  ],
  fields: [
    { kind: 'text', key: 'interface', label: 'Interface towards the provider', placeholder: 'eth0' },
    {
      kind: 'text',
      key: 'length',
      label: 'Prefix length to ask for',
      help: 'What the provider offers; 56 and 60 are usual.',
      placeholder: '56',
      numeric: true,
    },
    dhcpcdVersionField,
  ],
  example: { interface: 'eth0', length: '56', dhcpcdVersion: '10.1.0' },
  generate: (intent, target, nameKey) =>
    generateUplink(intent, { target: target as UplinkTarget, eventsDirectory: defaultEventsDirectory, nameKey }),
  draw: drawUplink,
  steps: (values, target) =>
    target === 'dhcpcd'
      ? [{ text: 'Let dhcpcd read its new file', commands: [`dhcpcd -n ${textOf(values, 'interface')}`] }]
      : [],
});

function drawUplink(_intent: Intent, values: Values): Drawing {
  const text = (key: string): string => textOf(values, key) || '?';
  return {
    caption: 'A router that asks its provider for a prefix.',
    layers: [
      [{ id: 'provider', role: 'provider', name: 'DHCPv6 server', lines: [] }],
      [
        {
          id: 'router',
          role: 'this router',
          name: text('interface'),
          lines: [`asks for a /${text('length')}`],
          look: 'own',
        },
      ],
    ],
    links: [{ from: 'provider', to: 'router', label: 'delegates a prefix' }],
  };
}
