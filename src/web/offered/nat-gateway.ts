import { generateNatGateway, type NatGatewayTarget } from '../../generate/nat-gateway/generate-nat-gateway.ts';
import type { Box, Drawing } from '../drawing/drawing.ts';
import type { RowsField } from '../form/field.ts';
import type { Intent } from '../form/intent.ts';
import { intentKind } from '../kinds/intent-kind.ts';

const peerRows: RowsField = {
  kind: 'rows',
  key: 'peer',
  label: 'Only from these',
  help: 'The other ends of a 6in4 tunnel. Empty: anybody, as 6to4 needs it.',
  row: 'peer',
  columns: [{ key: 'address', label: 'IPv4 address', placeholder: '192.0.2.99' }],
  format: ({ address = '' }) => address,
  parse: (item) => (typeof item === 'string' ? { address: item } : undefined),
  next: () => ({}),
};

export const kind = intentKind({
  name: 'nat-gateway',
  targets: [
    { name: 'nftables', label: 'nftables' },
    { name: 'iptables', label: 'iptables' },
  ],
  fields: [
    { kind: 'text', key: 'external', label: 'Public IPv4 address', placeholder: '198.51.100.7' },
    {
      kind: 'text',
      key: 'target',
      label: 'Private address of the host',
      help: 'The one with the tunnel; protocol 41 has room for one only.',
      placeholder: '192.168.1.10',
    },
    { kind: 'text', key: 'wan', label: 'Interface outside', placeholder: 'any' },
    { kind: 'text', key: 'lan', label: 'Interface inside', placeholder: 'any' },
    peerRows,
  ],
  example: { external: '198.51.100.7', target: '192.168.1.10', wan: 'eth0', lan: 'eth1' },
  generate: (intent, target, nameKey) => generateNatGateway(intent, target as NatGatewayTarget, nameKey),
  draw: drawGateway,
  steps: (said, _values, target) => [
    { text: 'Put the rules in force, now and at every start', commands: ['sh /etc/sixgate/nat-gateway.sh'] },
    // For iptables the files say how to do the same in another way.
    ...(target === 'nftables' ? said : []),
  ],
});

function drawGateway(intent: Intent): Drawing {
  const text = (key: string): string => (typeof intent[key] === 'string' ? intent[key] : '');
  const given = Array.isArray(intent['peer']) ? (intent['peer'] as string[]) : [];
  const peers: Box[] =
    given.length === 0
      ? [{ id: 'anybody', role: 'IPv4 Internet', name: 'anybody', lines: [] }]
      : given.map((peer, index) => ({ id: `peer${index}`, role: 'other end', name: peer || '?', lines: [] }));
  return {
    caption: `A gateway that hands protocol 41 to one host inside, from ${given.length === 0 ? 'anybody' : 'the other ends named'}.`,
    layers: [
      peers,
      [
        {
          id: 'gateway',
          role: 'this gateway',
          name: text('external') || '?',
          lines: [`${text('wan') || 'any'} outside, ${text('lan') || 'any'} inside`],
          look: 'own',
        },
      ],
      [{ id: 'host', role: 'host with the tunnel', name: text('target') || '?', lines: [] }],
    ],
    links: [
      ...peers.map(({ id }) => ({ from: id, to: 'gateway' })),
      { from: 'gateway', to: 'host', label: 'protocol 41, both ways' },
      { from: peers[0]!.id, to: 'host', look: 'tunnel' },
    ],
  };
}
