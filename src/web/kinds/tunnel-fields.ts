import type { Field, RowsField } from '../form/field.ts';
import type { Row } from '../form/values.ts';
import type { Target } from './kind.ts';

export const tunnelTargetLabels: readonly Target[] = [
  { name: 'networkd', label: 'systemd-networkd' },
  { name: 'netplan', label: 'netplan' },
  { name: 'ifupdown', label: 'ifupdown' },
  { name: 'networkmanager', label: 'NetworkManager' },
  { name: 'openwrt', label: 'OpenWrt' },
];

/** LAN interfaces and the number of the /64 that each gets. */
export const subnetRows: RowsField = {
  kind: 'rows',
  key: 'subnet',
  label: 'Subnets for the LANs',
  help: 'Each interface gets a /64 of the prefix.',
  row: 'subnet',
  columns: [
    { key: 'id', label: 'Number', placeholder: '1', narrow: true },
    { key: 'interface', label: 'Interface', placeholder: 'eth1' },
  ],
  format: ({ id = '', interface: name = '' }) => `${id}=${name}`,
  parse: (item) => {
    if (typeof item === 'string') {
      const equals = item.indexOf('=');
      return equals < 0 ? undefined : { id: item.slice(0, equals), interface: item.slice(equals + 1) };
    }
    const { id, interface: name } = (item ?? {}) as Record<string, unknown>;
    const isId = typeof id === 'string' || typeof id === 'number';
    return isId && typeof name === 'string' ? { id: String(id), interface: name } : undefined;
  },
  next: nextSubnet,
};

/** The next free number and, most likely, the next interface. */
function nextSubnet(rows: readonly Row[]): Row {
  const ids = rows.map(({ id = '' }) => Number(id)).filter(Number.isInteger);
  const number = Math.max(0, ...ids) + 1;
  return { id: String(number), interface: `eth${rows.length + 1}` };
}

/** Of every tunnel, under "More". */
export const commonTunnelFields: readonly Field[] = [
  {
    kind: 'choice',
    key: 'advertise',
    label: 'Advertise the subnets with',
    more: true,
    choices: [
      { value: 'radvd', label: 'radvd' },
      { value: 'networkd', label: 'systemd-networkd' },
      { value: 'dnsmasq', label: 'dnsmasq' },
      { value: 'none', label: 'nothing: I do it myself' },
    ],
  },
  {
    kind: 'choice',
    key: 'filter',
    label: 'Filter spoofed packets with',
    more: true,
    choices: [
      { value: 'nftables', label: 'nftables' },
      { value: 'iptables', label: 'iptables' },
      { value: 'none', label: 'nothing: I do it myself' },
    ],
  },
  {
    kind: 'text',
    key: 'mtu',
    label: 'MTU',
    help: '1280 passes every path.',
    placeholder: '1280',
    numeric: true,
    more: true,
  },
  { kind: 'text', key: 'ttl', label: 'TTL of the outer packets', placeholder: '64', numeric: true, more: true },
  { kind: 'text', key: 'subnets', label: 'Subnets to keep for later', placeholder: '0', numeric: true, more: true },
  {
    kind: 'choice',
    key: 'flavour',
    label: 'Which ifupdown',
    help: 'Counts for the target ifupdown only.',
    more: true,
    outside: true,
    choices: [
      { value: '', label: 'Debian’s ifupdown' },
      { value: 'ifupdown2', label: 'ifupdown2' },
      { value: 'ifupdown-ng', label: 'ifupdown-ng' },
    ],
  },
];

export function tunnelName(kind: string): Field {
  return { kind: 'text', key: 'name', label: 'Name of the tunnel', placeholder: `tun${kind}`, more: true };
}
