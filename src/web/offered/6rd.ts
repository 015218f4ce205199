import { tunnelDrawing } from '../kinds/draw-tunnel.ts';
import { tunnelGenerator } from '../kinds/generate-tunnel-kind.ts';
import { intentKind } from '../kinds/intent-kind.ts';
import { commonTunnelFields, subnetRows, tunnelName, tunnelTargetLabels } from '../kinds/tunnel-fields.ts';

export const kind = intentKind({
  name: '6rd',
  targets: tunnelTargetLabels,
  fields: [
    { kind: 'text', key: 'ipv4', label: 'Your IPv4 address', help: 'From the provider.', placeholder: '203.0.113.4' },
    { kind: 'text', key: 'prefix', label: '6rd prefix', placeholder: '2001:db8::/32' },
    {
      kind: 'text',
      key: 'ipv4MaskLength',
      label: 'IPv4 mask length',
      help: 'Bits that the IPv4 addresses of all customers have in common.',
      placeholder: '0',
      numeric: true,
    },
    { kind: 'text', key: 'relay', label: 'Border relay', placeholder: '192.0.2.1' },
    { ...subnetRows, help: 'Each interface gets a /64 of the prefix, if there is more than one.' },
    ...commonTunnelFields,
    tunnelName('6rd'),
  ],
  example: {
    ipv4: '203.0.113.4',
    prefix: '3fff:100::/24',
    relay: '203.0.113.1',
    subnet: [{ id: '1', interface: 'eth1' }],
  },
  generate: tunnelGenerator('6rd'),
  draw: tunnelDrawing('6rd'),
});
