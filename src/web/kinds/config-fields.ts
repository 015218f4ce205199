import type { Field, RowsField } from '../form/field.ts';
import { isSet, textOf, type Row, type Values } from '../form/values.ts';
import { newUla } from './new-ula.ts';

/** Who says which prefix is delegated, as in config.yaml. */
export function sourceOf(values: Values): string {
  return textOf(values, 'from') || 'dhcpv6';
}

const cell = (item: unknown, key: string): string => {
  const value = (item as Record<string, unknown> | null)?.[key];
  if (Array.isArray(value)) return value.join(', ');
  if (value === true) return 'yes';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
const rowParser =
  (keys: readonly string[]) =>
  (item: unknown): Row | undefined => {
    if (typeof item !== 'object' || item === null || Object.keys(item).some((key) => !keys.includes(key)))
      return undefined;
    return Object.fromEntries(keys.map((key) => [key, cell(item, key)]));
  };

const subnets: RowsField = {
  kind: 'rows',
  key: 'subnets',
  label: 'Subnets',
  help: 'Their order is their priority where the delegation is too small for all.',
  row: 'subnet',
  ordered: true,
  columns: [
    { key: 'name', label: 'Name', placeholder: 'lan' },
    { key: 'id', label: 'ID', placeholder: '0', narrow: true },
    { key: 'interface', label: 'Interface', placeholder: 'eth1' },
  ],
  format: (row) => row,
  parse: rowParser(['name', 'id', 'interface']),
  next: (rows) => {
    const ids = rows.map(({ id = '' }) => Number(id)).filter(Number.isInteger);
    return { name: `lan${rows.length + 1}`, id: String(Math.max(-1, ...ids) + 1), interface: `eth${rows.length + 1}` };
  },
};

const pinholes: RowsField = {
  kind: 'rows',
  key: 'allow',
  label: 'Let in from outside',
  help: 'A host as subnet::interface-id, and its ports. Everything else is denied.',
  row: 'pinhole',
  columns: [
    { key: 'to', label: 'Host', placeholder: 'servers::10', wide: true },
    { key: 'tcp', label: 'TCP', placeholder: '443' },
    { key: 'udp', label: 'UDP', placeholder: '6000-6100' },
    { key: 'icmp', label: 'Ping', flag: true },
  ],
  format: (row) => row,
  parse: rowParser(['to', 'tcp', 'udp', 'icmp']),
  next: () => ({ tcp: '443' }),
};

/** What config.yaml says, as far as a form of one uplink and one network goes. */
export const configFields: readonly Field[] = [
  { kind: 'text', key: 'interface', label: 'Interface towards the provider', placeholder: 'eth0' },
  {
    kind: 'choice',
    key: 'from',
    label: 'The outside prefix',
    choices: [
      { value: 'dhcpv6', label: 'from the provider; sixgate asks for it' },
      { value: 'dhcpcd', label: 'from the provider; dhcpcd asks for it' },
      { value: 'networkd', label: 'from the provider; systemd-networkd asks for it' },
      { value: 'route', label: 'from the provider; another client asks and leaves a route' },
      { value: 'static', label: 'never changes' },
      { value: '6to4', label: 'belongs to a public IPv4 address (6to4)' },
    ],
  },
  {
    kind: 'text',
    key: 'length',
    label: 'Prefix length to ask for',
    help: 'What the provider offers; 56 and 60 are usual.',
    placeholder: '56',
    when: (values) => ['dhcpv6', 'dhcpcd', 'networkd'].includes(sourceOf(values)),
  },
  {
    kind: 'text',
    key: 'outside',
    label: 'Outside prefix',
    placeholder: '2001:db8:a::/56',
    when: (values) => sourceOf(values) === 'static',
  },
  {
    kind: 'text',
    key: 'ipv4',
    label: 'Public IPv4 address',
    placeholder: '198.51.100.7',
    when: (values) => sourceOf(values) === '6to4',
  },
  {
    kind: 'text',
    key: 'inside',
    label: 'Inside prefix',
    help: 'Yours for ever, whatever happens outside.',
    placeholder: 'fd12:3456:789a::/48',
    fill: { label: 'New one', make: newUla },
  },
  subnets,
  pinholes,
  {
    kind: 'flag',
    key: 'advertise',
    label: 'Advertise the subnets (radvd)',
    help: 'With a default route for as long as there is a prefix.',
  },
  {
    kind: 'text',
    key: 'dns',
    label: 'DNS servers that hosts are told',
    placeholder: 'fd12:3456:789a::1',
    more: true,
    when: (values) => isSet(values, 'advertise'),
  },
  {
    kind: 'choice',
    key: 'mode',
    label: 'Translation',
    help: 'Take stateful unless you know why not.',
    more: true,
    choices: [
      { value: 'stateful', label: 'stateful: the host part stays' },
      { value: 'rfc6296', label: 'RFC 6296: without state' },
    ],
  },
  {
    kind: 'choice',
    key: 'hairpin',
    label: 'Inside hosts reach each other by their outside addresses',
    more: true,
    choices: [
      { value: '', label: 'yes' },
      { value: 'no', label: 'no' },
    ],
  },
  {
    kind: 'choice',
    key: 'inbound',
    label: 'What comes from outside unasked, but for the list above',
    more: true,
    choices: [
      { value: 'deny', label: 'is denied' },
      { value: 'allow', label: 'is let in' },
    ],
  },
  {
    kind: 'flag',
    key: 'offload',
    label: 'Established flows past the rules (offload)',
    help: 'Faster; filters, counters and limits of others see only the first packets of a flow. With stateful translation.',
    more: true,
  },
  { kind: 'text', key: 'uplink', label: 'Name of the uplink', placeholder: 'dsl', more: true },
  { kind: 'text', key: 'network', label: 'Name of the network', placeholder: 'home', more: true },
  { kind: 'flag', key: 'failover', label: 'One of two routers (keepalived)', more: true },
];

export const configExample: Values = {
  interface: 'eth0',
  length: '58',
  inside: 'fd12:3456:789a::/58',
  subnets: [
    { name: 'lan', id: '0', interface: 'eth1' },
    { name: 'servers', id: '1', interface: 'eth2' },
  ],
  allow: [{ to: 'servers::10', tcp: '443', icmp: 'yes' }],
  advertise: 'yes',
};
