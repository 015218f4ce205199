import { formatMac } from '../../core/mac-address.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { generateFailover, type FailoverTarget } from '../../generate/failover/generate-failover.ts';
import { readFailover } from '../../generate/failover/read-failover.ts';
import type { Box, Drawing } from '../drawing/drawing.ts';
import type { RowsField } from '../form/field.ts';
import type { Intent } from '../form/intent.ts';
import { textOf, type Values } from '../form/values.ts';
import { dhcpcdVersionField } from '../kinds/dhcpcd-version-field.ts';
import { intentKind } from '../kinds/intent-kind.ts';
import { places } from '../kinds/places.ts';

const lanRows: RowsField = {
  kind: 'rows',
  key: 'lan',
  label: 'LANs',
  help: 'The gateway address moves with the active router.',
  row: 'LAN',
  columns: [
    { key: 'interface', label: 'Interface', placeholder: 'eth1', narrow: true },
    { key: 'address', label: 'Gateway address', placeholder: 'fd12:3456:789a::1/64' },
  ],
  format: ({ interface: name = '', address = '' }) => `${name}=${address}`,
  parse: (item) => {
    if (typeof item !== 'string' || !item.includes('=')) return undefined;
    return { interface: item.slice(0, item.indexOf('=')), address: item.slice(item.indexOf('=') + 1) };
  },
  next: (rows) => ({ interface: `eth${rows.length + 1}` }),
};

const asks = (values: Values): boolean => textOf(values, 'client') !== 'none';

export const kind = intentKind({
  name: 'failover',
  targets: [{ name: 'keepalived', label: 'keepalived' }],
  fields: [
    { kind: 'text', key: 'interface', label: 'Port towards the provider', placeholder: 'eth0' },
    {
      kind: 'text',
      key: 'mac',
      label: 'Shared MAC address',
      help: 'What the provider sees, whichever router is active. One that begins with 02 is yours to choose.',
      placeholder: '02:00:5e:00:53:01',
    },
    lanRows,
    {
      kind: 'text',
      key: 'length',
      label: 'Prefix length to ask for',
      placeholder: '56',
      numeric: true,
      when: asks,
    },
    { ...dhcpcdVersionField, label: 'Version of dhcpcd on the routers', when: asks },
    {
      kind: 'choice',
      key: 'client',
      label: 'What asks for the prefix',
      more: true,
      choices: [
        { value: 'dhcpcd', label: 'dhcpcd' },
        { value: 'none', label: 'sixgate itself' },
      ],
    },
    { kind: 'text', key: 'name', label: 'Interface with the shared MAC address', placeholder: 'wan0', more: true },
    { kind: 'text', key: 'linkLocal', label: 'Link-local gateway', placeholder: 'fe80::1', more: true },
    { kind: 'text', key: 'vrid', label: 'Number of the pair (VRID)', placeholder: '66', numeric: true, more: true },
    { kind: 'text', key: 'priority', label: 'VRRP priority', placeholder: '200', numeric: true, more: true },
    {
      kind: 'text',
      key: 'advertInterval',
      label: 'Milliseconds between advertisements',
      placeholder: '200',
      numeric: true,
      more: true,
    },
    { kind: 'text', key: 'iaid', label: 'IAID of the prefix', placeholder: '1', numeric: true, more: true, when: asks },
  ],
  example: {
    interface: 'eth0',
    mac: '02:00:5e:00:53:01',
    lan: [
      { interface: 'eth1', address: 'fd12:3456:789a::1/64' },
      { interface: 'eth2', address: 'fd12:3456:789a:1::1/64' },
    ],
    length: '56',
    dhcpcdVersion: '10.1.0',
  },
  generate: (intent, target, nameKey) =>
    generateFailover(intent, { target: target as FailoverTarget, nameKey, ...places }),
  draw: drawFailover,
  steps: (said, values) => [
    ...said,
    { text: 'Let the kernel forward', commands: ['sysctl -p /etc/sysctl.d/60-sixgate.conf'] },
    {
      text: `In /etc/sixgate/config.yaml the uplink has the interface ${textOf(values, 'name') || 'wan0'}, and beside uplinks and networks stands`,
      commands: ['failover: { by: keepalived }'],
    },
    ...(asks(values)
      ? [
          {
            text: 'The client runs on the active router only, so nothing else may start one',
            commands: ['systemctl disable --now dhcpcd'],
          },
        ]
      : []),
    { text: 'Start it', commands: ['systemctl daemon-reload', 'systemctl enable --now keepalived'] },
    {
      text: 'Do all of this on the other router as well: its files are the same ones. Then see which one is active',
      commands: ['sixgate status'],
    },
  ],
});

function drawFailover(intent: Intent, values: Values): Drawing {
  const read = readFailover(intent, (key) => key, places);
  const mac = read.ok ? formatMac(read.value.mac) : textOf(values, 'mac') || '?';
  const port = textOf(values, 'interface') || '?';
  const router = (id: string, role: string, look?: 'own' | 'free'): Box => ({
    id,
    role,
    name: port,
    lines: [look === 'own' ? mac : 'the same files'],
    ...(look !== undefined && { look }),
  });
  const lans = read.ok
    ? read.value.lans.map((lan): Box => ({
        id: `lan ${lan.interface}`,
        role: 'LAN',
        name: lan.interface,
        lines: [
          ...lan.addresses.map(({ address, length }) => `${formatIpv6(address)}/${length}`),
          formatIpv6(read.value.linkLocal),
        ],
      }))
    : [];
  return {
    caption: read.ok
      ? `Two routers with one identity: the provider sees ${mac}, hosts see one gateway, whichever is active.`
      : 'Two routers with one identity; something in the form is still to be mended.',
    layers: [
      [{ id: 'provider', role: 'provider', name: 'delegates one prefix', lines: [] }],
      [router('active', 'active router', 'own'), router('passive', 'passive router', 'free')],
      lans,
    ],
    links: [
      { from: 'provider', to: 'active' },
      { from: 'provider', to: 'passive', look: 'idle' },
      ...lans.flatMap(({ id }) => [
        { from: 'active', to: id },
        { from: 'passive', to: id, look: 'idle' as const },
      ]),
    ],
  };
}
