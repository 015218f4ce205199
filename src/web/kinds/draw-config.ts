import { carveDelegation } from '../../engine/carve-delegation.ts';
import type { Config } from '../../engine/config.ts';
import { formatPrefix, prefixOf } from '../../core/prefix.ts';
import { parseIpv6 } from '../../core/ipv6.ts';
import { sixToFourPrefix } from '../../core/sixtofour.ts';
import type { Box, Drawing } from '../drawing/drawing.ts';
import { outsideSubnet } from '../drawing/outside-subnet.ts';
import { rowsOf, textOf, type Values } from '../form/values.ts';

/** An example of what a provider might delegate; its length is what counts here. */
const exampleOutside = parseIpv6('2001:db8:a:aa80::');

/** The provider, the router and the subnets, each with the outside prefix that stands for it. */
export function drawConfig(values: Values, config: Config | undefined): Drawing {
  const translation = config?.translations[0];
  if (translation === undefined) return drawUnknown(values);
  const { network, uplink } = translation;
  const { source } = uplink;
  const sure = source.from === 'static' || (source.from === '6to4' && 'ipv4' in source);
  const outside =
    source.from === 'static'
      ? source.prefix
      : 'ipv4' in source
        ? sixToFourPrefix(source.ipv4)
        : prefixOf(exampleOutside.ok ? exampleOutside.value : network.prefix.address, delegatedLength(values));
  const carving = carveDelegation(network, outside, { subprefix: translation.subprefix });
  const whole = carving.pairs.length === 1 && carving.pairs[0]!.subnet === undefined;
  const outsideOf = (subnet: (typeof network.subnets)[number]) => {
    const pair = carving.pairs.find((each) => each.subnet === undefined || each.subnet === subnet);
    return pair && outsideSubnet(subnet.prefix, pair.inside, pair.outside, translation.mode);
  };
  const open = new Set(translation.pinholes.map(({ to }) => to >> 64n));
  const boxes = network.subnets.map((subnet): Box => {
    const own = outsideOf(subnet);
    const lost = carving.without.includes(subnet);
    return {
      id: `subnet ${subnet.name}`,
      role: 'subnet',
      name: subnet.interface === undefined ? subnet.name : `${subnet.name}  ·  ${subnet.interface}`,
      lines: [
        formatPrefix(subnet.prefix),
        ...(lost ? ['too small a delegation: nothing outside'] : own ? [`↔ ${formatPrefix(own)}`] : []),
        ...(open.has(subnet.prefix.address >> 64n) ? ['has pinholes'] : []),
      ],
      ...(lost && { look: 'lost' as const }),
    };
  });
  const mapped = whole ? [`↔ ${formatPrefix(carving.pairs[0]!.outside)}`] : [];
  return {
    caption: `${network.name} keeps ${formatPrefix(network.prefix)} inside, whatever ${uplink.name} is given outside.${sure ? '' : ' The outside prefix is an example.'}`,
    layers: [
      [{ id: 'provider', role: sure ? 'outside' : 'provider', name: sure ? formatPrefix(outside) : `delegates a /${outside.length}`, lines: sure ? [] : [`today ${formatPrefix(outside)}`] }], // prettier-ignore
      [
        {
          id: 'router',
          role: 'this router',
          name: `${uplink.name}  ·  ${uplink.interface}`,
          lines: [formatPrefix(network.prefix), ...mapped],
          look: 'own',
        },
      ],
      boxes,
    ],
    links: [
      {
        from: 'provider',
        to: 'router',
        label: translation.inbound === 'deny' ? 'unasked traffic is denied' : 'unasked traffic is let in',
      },
      ...boxes.map(({ id, look }) => ({ from: 'router', to: id, ...(look === 'lost' && { look: 'broken' as const }) })),
    ],
  };
}

function delegatedLength(values: Values): number {
  const length = Number(textOf(values, 'length'));
  return Number.isInteger(length) && length >= 16 && length <= 64 ? length : 56;
}

function drawUnknown(values: Values): Drawing {
  const subnets = rowsOf(values, 'subnets').map(({ name = '', interface: device = '' }, index): Box => {
    return {
      id: `subnet ${index}`,
      role: 'subnet',
      name: [name, device].filter(Boolean).join('  ·  ') || '?',
      lines: [],
    };
  });
  return {
    caption: 'A router with a stable prefix inside; something in the form is still to be mended.',
    layers: [
      [{ id: 'provider', role: 'provider', name: '', lines: [] }],
      [
        {
          id: 'router',
          role: 'this router',
          name: textOf(values, 'interface') || '?',
          lines: [textOf(values, 'inside') || '?'],
          look: 'own',
        },
      ],
      subnets,
    ],
    links: [{ from: 'provider', to: 'router' }, ...subnets.map(({ id }) => ({ from: 'router', to: id }))],
  };
}
