import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { generateXenGuest, type XenGuestTarget } from '../../generate/xen-guest/generate-xen-guest.ts';
import { readXenGuest } from '../../generate/xen-guest/read-xen-guest.ts';
import type { XenGuestLink } from '../../generate/xen-guest/xen-guest.ts';
import type { Box, Drawing } from '../drawing/drawing.ts';
import type { RowsField } from '../form/field.ts';
import type { Intent } from '../form/intent.ts';
import { textOf, type Values } from '../form/values.ts';
import { intentKind } from '../kinds/intent-kind.ts';

/** A key that takes a list of texts. */
function textRows(
  field: Pick<RowsField, 'key' | 'label' | 'row'> & Partial<RowsField>,
  column: string,
  placeholder: string,
): RowsField {
  return {
    ...field,
    kind: 'rows',
    columns: [{ key: 'text', label: column, placeholder }],
    format: ({ text = '' }) => text,
    parse: (item) => (typeof item === 'string' ? { text: item } : undefined),
    next: () => ({}),
  };
}

export const kind = intentKind({
  name: 'xen-guest',
  targets: [
    { name: 'networkd', label: 'guest: systemd-networkd' },
    { name: 'netplan', label: 'guest: netplan' },
    { name: 'ifupdown', label: 'guest: ifupdown' },
    { name: 'cloud-init', label: 'guest: cloud-init' },
    { name: 'sixgate', label: 'Dom0: sixgate' },
    { name: 'xl', label: 'Dom0: xl.cfg' },
  ],
  fields: [
    { kind: 'text', key: 'name', label: 'Name of the guest', help: 'As in its xl.cfg.', placeholder: 'web' },
    textRows(
      { key: 'prefix', label: 'Prefixes', help: 'On the link between Dom0 and the guest.', row: 'prefix' },
      'Prefix',
      '2001:db8:0:101::/64',
    ),
    textRows(
      {
        key: 'address',
        label: 'Addresses of the guest',
        help: 'Empty: the second of each prefix. Others are routed one by one.',
        row: 'address',
      },
      'Address',
      '2001:db8:0:101::10',
    ),
    {
      kind: 'text',
      key: 'gateway',
      label: 'Gateway',
      help: 'Dom0: link-local or in a prefix; "none" for no default route.',
      placeholder: 'fe80::1',
    },
    textRows({ key: 'routed', label: 'Prefixes behind the guest', row: 'prefix' }, 'Prefix', '2001:db8:0:110::/60'),
    { kind: 'text', key: 'ipv4', label: 'IPv4 address', help: 'Point-to-point with Dom0.', placeholder: '192.0.2.31' },
    { kind: 'text', key: 'ipv4Gateway', label: 'IPv4 address of Dom0', placeholder: '192.0.2.1' },
    textRows({ key: 'dns', label: 'DNS servers', row: 'server', more: true }, 'Address', '2001:db8::53'),
    { kind: 'text', key: 'interface', label: 'Interface in the guest', placeholder: 'enX0', more: true },
    { kind: 'text', key: 'device', label: 'Number in xl.cfg', placeholder: '0', numeric: true, more: true },
    { kind: 'text', key: 'mac', label: 'MAC address', placeholder: '00:16:3e:00:00:01', more: true },
    { kind: 'text', key: 'vifname', label: 'Interface in Dom0', placeholder: 'web0', more: true },
    { kind: 'text', key: 'gatewaydev', label: 'Dom0’s way out', placeholder: 'eth0', more: true },
    {
      kind: 'choice',
      key: 'script',
      label: 'Hotplug script',
      more: true,
      choices: [
        { value: '', label: 'as it fits' },
        { value: 'vif-route', label: 'vif-route' },
        { value: 'vif-route6', label: 'vif-route6' },
      ],
    },
    {
      kind: 'flag',
      key: 'proxyNdp',
      label: 'Dom0 answers for single addresses on the provider’s link',
      more: true,
    },
  ],
  example: { name: 'web', prefix: [{ text: '2001:db8:0:101::/64' }], mac: '00:16:3e:00:01:01' },
  generate: (intent, target, nameKey) => generateXenGuest(intent, target as XenGuestTarget, nameKey),
  draw: drawGuest,
  steps: (said, _values, target) => {
    if (target === 'xl')
      return [{ text: 'Put its line into the xl.cfg of the guest, which is then started anew', commands: [] }];
    if (target === 'cloud-init')
      return [{ text: 'Put it into the seed of the guest, beside meta-data and user-data', commands: [] }];
    return said;
  },
});

function drawGuest(intent: Intent, values: Values): Drawing {
  const read = readXenGuest(intent, (key) => key);
  const name = textOf(values, 'name') || '?';
  if (read.ok) return drawLink(read.value);
  return {
    caption: 'A Xen host and a guest; something in the form is still to be mended.',
    layers: [
      [{ id: 'dom0', role: 'Xen host', name: 'Dom0', lines: [] }],
      [{ id: 'guest', role: 'guest', name, lines: [], look: 'own' }],
    ],
    links: [{ from: 'dom0', to: 'guest' }],
  };
}

function drawLink(link: XenGuestLink): Drawing {
  const { name, device, prefixes, singles, addresses, gateway, routed, ipv4, vifname } = link;
  const behind = routed.map((prefix): Box => {
    return { id: `routed ${formatPrefix(prefix)}`, role: 'behind the guest', name: '', lines: [formatPrefix(prefix)] };
  });
  return {
    caption: `Interface ${device} of the Xen guest ${name}, routed by Dom0${ipv4 === undefined ? '' : ', with IPv4 beside it'}.`,
    layers: [
      [
        {
          id: 'provider',
          role: 'provider',
          name: '',
          lines: [...prefixes, ...routed].map(formatPrefix).concat(singles.map(formatIpv6)),
        },
      ],
      [
        {
          id: 'dom0',
          role: 'Xen host, Dom0',
          name: vifname ?? `vif of ${name}`,
          lines: [
            ...(gateway === undefined ? [] : [formatIpv6(gateway)]),
            ...(ipv4 === undefined ? [] : [formatIpv4(ipv4.gateway)]),
          ],
        },
      ],
      [
        {
          id: 'guest',
          role: `guest, ${link.interface}`,
          name,
          lines: [
            ...addresses.map(({ address, length }) => `${formatIpv6(address)}/${length}`),
            ...(ipv4 === undefined ? [] : [formatIpv4(ipv4.address)]),
          ],
          look: 'own',
        },
      ],
      behind,
    ],
    links: [
      { from: 'provider', to: 'dom0', label: 'routes to this host' },
      { from: 'dom0', to: 'guest', label: link.script },
      ...behind.map(({ id }) => ({ from: 'guest', to: id })),
    ],
  };
}
