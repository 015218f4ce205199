import { tunnelDrawing } from '../kinds/draw-tunnel.ts';
import { tunnelGenerator } from '../kinds/generate-tunnel-kind.ts';
import { intentKind } from '../kinds/intent-kind.ts';
import { commonTunnelFields, subnetRows, tunnelName, tunnelTargetLabels } from '../kinds/tunnel-fields.ts';

export const kind = intentKind({
  name: '6to4',
  targets: tunnelTargetLabels,
  fields: [
    {
      kind: 'text',
      key: 'ipv4',
      label: 'Public IPv4 address',
      help: 'What the rest of the world sees. The whole prefix follows from it.',
      placeholder: '203.0.113.4',
    },
    {
      kind: 'text',
      key: 'local',
      label: 'Private address of this host',
      help: 'Only behind NAT; empty where this host has the public address itself.',
      placeholder: '192.168.1.10',
    },
    subnetRows,
    {
      kind: 'text',
      key: 'relay',
      label: 'Relay of your own',
      help: 'A host with native IPv6 that forwards for you. The public relays are gone (RFC 7526).',
      placeholder: '192.0.2.1',
      more: true,
    },
    ...commonTunnelFields,
    tunnelName('6to4'),
  ],
  example: { ipv4: '198.51.100.7', local: '192.168.1.10', subnet: [{ id: '1', interface: 'eth1' }] },
  generate: tunnelGenerator('6to4'),
  draw: tunnelDrawing('6to4'),
});
