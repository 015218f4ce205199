import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { MappingReport, Report } from '../../engine/report.ts';
import type { Box, Drawing, Link } from '../drawing/drawing.ts';
import { outsideSubnet } from '../drawing/outside-subnet.ts';

/** The uplinks above, the router, and below it the subnets with the outside prefixes that stand for them. */
export function drawStatus(report: Report): Drawing {
  const { uplinks, networks, mappings, failover } = report;
  const above = uplinks.map((uplink): Box => {
    const current = uplink.delegations.find((delegation) => delegation.current);
    return {
      id: `uplink ${uplink.name}`,
      role: `uplink, ${uplink.interface}`,
      name: uplink.name,
      lines: [current?.prefix ?? 'no prefix', ...(uplink.health?.state === 'down' ? ['down'] : [])],
      ...((current === undefined || uplink.health?.state === 'down') && { look: 'lost' as const }),
    };
  });
  const below = networks.flatMap((network) =>
    network.subnets.map((subnet): Box => {
      const whole = mappings.filter((each) => each.network === network.name && each.direction === 'both');
      const own = whole.filter((each) => each.subnet === subnet.name || each.subnet === null);
      return {
        id: `subnet ${network.name} ${subnet.name}`,
        role: subnet.interface === null ? `subnet of ${network.name}` : `${network.name}, ${subnet.interface}`,
        name: subnet.name,
        lines: [subnet.prefix, ...own.map((mapping) => `↔ ${outsideOf(subnet.prefix, mapping, report)}`)],
        ...(own.length === 0 && { look: 'lost' as const }),
      };
    }),
  );
  const wholes = mappings.filter(({ subnet, direction }) => subnet === null && direction === 'both');
  const router: Box = {
    id: 'router',
    role: failover === null ? 'this router' : `this router, ${failover.state}`,
    name: networks.map(({ name }) => name).join(', '),
    lines: wholes.flatMap(({ inside, outside }) => [inside, `↔ ${outside}`]),
    look: 'own',
  };
  const links: Link[] = [
    ...above.map(({ id, look }) => ({ from: id, to: 'router', ...(look === 'lost' && { look: 'broken' as const }) })),
    ...below.map(({ id }) => ({ from: 'router', to: id })),
  ];
  const count = below.filter(({ look }) => look !== 'lost').length;
  return {
    caption: [
      `${count} of ${below.length} subnets have a way out.`,
      ...networks.flatMap(({ name, way }) =>
        way?.uplink ? [`New flows of ${name} leave by ${way.uplink}: ${way.because}.`] : [],
      ),
    ].join(' '),
    layers: [above, [router], below],
    links,
  };
}

/** As text, for a subnet that a mapping covers. */
function outsideOf(subnet: string, { inside, outside, uplink, network }: MappingReport, report: Report): string {
  const [own, from, to] = [parsePrefix(subnet), parsePrefix(inside), parsePrefix(outside)];
  if (!own.ok || !from.ok || !to.ok) return outside;
  const translation = report.translations.find((each) => each.uplink === uplink && each.network === network);
  const mode = translation?.mode ?? 'stateful';
  if (mode === 'none') return subnet;
  const found = outsideSubnet(own.value, from.value, to.value, mode);
  return found === undefined ? 'nothing' : formatPrefix(found);
}
