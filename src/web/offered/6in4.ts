import { isSet, textOf } from '../form/values.ts';
import { tunnelDrawing } from '../kinds/draw-tunnel.ts';
import { tunnelGenerator } from '../kinds/generate-tunnel-kind.ts';
import { intentKind } from '../kinds/intent-kind.ts';
import { commonTunnelFields, subnetRows, tunnelName, tunnelTargetLabels } from '../kinds/tunnel-fields.ts';

export const kind = intentKind({
  name: '6in4',
  targets: tunnelTargetLabels,
  fields: [
    {
      kind: 'text',
      key: 'local',
      label: 'IPv4 address of this host',
      help: 'As "ip -4 address" shows it: private behind NAT.',
      placeholder: '203.0.113.4',
    },
    { kind: 'text', key: 'remote', label: 'IPv4 address of the other end', placeholder: '192.0.2.99' },
    {
      kind: 'text',
      key: 'address',
      label: 'This end’s IPv6 address',
      help: 'With the length of the link.',
      placeholder: '2001:db8:1234::2/64',
    },
    {
      kind: 'text',
      key: 'routed',
      label: 'Routed prefix',
      help: 'What the other end routes to you, for your LANs.',
      placeholder: '2001:db8:5678::/48',
    },
    subnetRows,
    { kind: 'flag', key: 'behindNat', label: 'A NAT gateway is in front of this host' },
    {
      kind: 'text',
      key: 'ipv4',
      label: 'Public address of the gateway',
      help: 'Empty where it changes.',
      placeholder: '198.51.100.7',
      when: (values) => isSet(values, 'behindNat') || textOf(values, 'ipv4') !== '',
    },
    {
      kind: 'text',
      key: 'keepalive',
      label: 'Seconds between keepalives',
      help: 'For a gateway that can do nothing but masquerade.',
      placeholder: '60',
      numeric: true,
      when: (values) => isSet(values, 'behindNat') || textOf(values, 'keepalive') !== '',
    },
    {
      kind: 'text',
      key: 'gateway',
      label: 'IPv6 address of the other end',
      help: 'The first of the link where left empty.',
      placeholder: '2001:db8:1234::1',
      more: true,
    },
    ...commonTunnelFields,
    tunnelName('6in4'),
  ],
  example: {
    local: '203.0.113.4',
    remote: '192.0.2.99',
    address: '2001:db8:1234::2/64',
    routed: '2001:db8:5678::/48',
    subnet: [
      { id: '0', interface: 'eth1' },
      { id: '1', interface: 'eth2' },
    ],
  },
  generate: tunnelGenerator('6in4'),
  draw: tunnelDrawing('6in4'),
});
