import { generateUplink } from '../../generate/uplink/generate-uplink.ts';
import type { UplinkTarget } from '../../generate/uplink/uplink-targets.ts';
import type { Drawing } from '../drawing/drawing.ts';
import type { Intent } from '../form/intent.ts';
import { isSet, textOf, type Values } from '../form/values.ts';
import { dhcpcdVersionField } from '../kinds/dhcpcd-version-field.ts';
import { intentKind } from '../kinds/intent-kind.ts';
import { places } from '../kinds/places.ts';
import { restartClient } from '../kinds/restart-client.ts';

export const kind = intentKind({
  name: 'uplink',
  targets: [
    { name: 'dhcpcd', label: 'dhcpcd' },
    { name: 'networkd', label: 'systemd-networkd' },
    { name: 'networkmanager', label: 'NetworkManager' },
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
    {
      kind: 'text',
      key: 'iaid',
      label: 'IAID of the prefix',
      help: 'Of dhcpcd only.',
      placeholder: '1',
      numeric: true,
      more: true,
    },
    {
      kind: 'flag',
      key: 'stateless',
      label: 'Known by its MAC address only',
      help: 'Of dhcpcd only: any machine with that address gets the same prefix.',
      more: true,
    },
    {
      kind: 'text',
      key: 'mac',
      label: 'That MAC address',
      placeholder: '02:00:5e:00:53:01',
      more: true,
      when: (values) => isSet(values, 'stateless'),
    },
  ],
  example: { interface: 'eth0', length: '56', dhcpcdVersion: '10.1.0' },
  generate: (intent, target, nameKey) =>
    generateUplink(intent, { target: target as UplinkTarget, eventsDirectory: places.eventsDirectory, nameKey }),
  draw: drawUplink,
  steps: (said, values, target) => [
    ...said,
    ...(target === 'dhcpcd' && isSet(values, 'stateless')
      ? [{ text: 'Start the client', commands: ['systemctl daemon-reload', 'systemctl enable --now sixgate-dhcpcd'] }]
      : restartClient(target as UplinkTarget, textOf(values, 'interface'))),
  ],
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
