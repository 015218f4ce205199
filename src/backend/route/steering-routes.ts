import { formatPrefix, type Prefix } from '../../core/prefix.ts';
import type { Desired } from '../../engine/desired.ts';
import { mainTable } from './rules.ts';

/**
 * The tables of uplinks: what others have told the kernel of the ways through each of them, and behind that nothing, so that a packet
 * that belongs to one never leaves by another.
 */
export function uplinkTables({ steering }: Desired): string[] {
  return (steering?.ways ?? []).flatMap(({ table, link }) => [
    ...link.routes.map(({ text }) => `${text} table ${table}`),
    `default table ${table}`,
  ]);
}

/**
 * Which table is asked, in this order:
 *
 * | priority | whose packets                       | table                                                     |
 * | -------- | ----------------------------------- | --------------------------------------------------------- |
 * | first    | of a flow that lives on an uplink   | of that uplink                                            |
 * | + 1      | all that follow                     | main without its default route: LANs, tunnels, hairpin    |
 * | + 2      | from a network                      | of the uplink that was chosen for it                      |
 * | + 3      | from what an uplink alone has       | of that uplink                                            |
 *
 * Nobody else's packets match any of them.
 */
export function steeringRules({ steering, config: { routing, networks } }: Desired): ReadonlyMap<string, string> {
  const rules = new Map<string, string>();
  if (!steering || !routing) return rules;
  const { ways, choices } = steering;
  const { mask } = routing;
  const add = (place: number, match: string, lookup: string, because: string): void => {
    const rule = `priority ${routing.priority + place} ${match} lookup ${lookup}`;
    if (!rules.has(rule)) rules.set(rule, because);
  };
  const elsewhere = (source: Prefix, because: string): void =>
    add(1, `from ${formatPrefix(source)}`, `${mainTable} suppress_prefixlength 0`, because);
  for (const { mark, table, uplink } of ways) {
    const marked = mask === 0xffff_ffff ? hexadecimal(mark) : `${hexadecimal(mark)}/${hexadecimal(mask)}`;
    add(0, `fwmark ${marked}`, String(table), `flows that live on ${uplink.name} stay there`);
  }
  for (const choice of choices) {
    const network = networks.find(({ name }) => name === choice.network);
    const way = ways.find(({ uplink }) => uplink.name === choice.uplink);
    if (!network || !way) continue;
    elsewhere(network.prefix, `${network.name} reaches what is not behind an uplink as before`);
    const because = `new flows of ${network.name} leave by ${way.uplink.name}: ${choice.because}`;
    add(2, `from ${formatPrefix(network.prefix)}`, String(way.table), because);
  }
  for (const { own, table, uplink } of ways) {
    for (const source of own) {
      elsewhere(source, `what belongs to ${uplink.name} reaches what is not behind an uplink as before`);
      add(3, `from ${formatPrefix(source)}`, String(table), `what belongs to ${uplink.name} leaves by it`);
    }
  }
  return rules;
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`;
}
