import { quote } from '../core/quote.ts';
import { readInteger } from './shape/scalars.ts';
import { refuse, refuseType, type Shape } from './shape/shape.ts';

/** The names that iproute2 has for those who may leave such routes. */
const names: ReadonlyMap<string, number> = new Map([
  ['boot', 3],
  ['static', 4],
  ['dhcp', 16],
]);
/** What can be no client's: none, redirects, the kernel, and our own. */
const reserved: ReadonlySet<number> = new Set([0, 1, 2, 66]);

/** Who made a route, as iproute2 names it (`proto`), or as its number. */
export function routeProtocol(description: string): Shape<number> {
  const mend = 'Write dhcp, static, boot or a number from 3 to 255 other than 66, as "ip -6 -N route" shows it.';
  return {
    schema: { description, anyOf: [{ enum: [...names.keys()] }, { type: 'integer', minimum: 3, maximum: 255 }] },
    read(node, path, report) {
      if (node.kind === 'scalar' && typeof node.value === 'string') {
        const at = { place: node.place, path };
        const value = names.get(node.value);
        if (value !== undefined) return { value, ...at };
        return refuse(report, at, 'config-value', `${quote(node.value)} is not a protocol of routes`, mend);
      }
      if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') {
        return refuseType(report, node, path, 'a protocol of routes', mend);
      }
      const read = readInteger(node, path, report);
      if (!read) return undefined;
      if (read.value <= 255 && read.value > 0 && !reserved.has(read.value)) return read;
      return refuse(report, read, 'config-value', `${read.value} is not a protocol of a DHCPv6 client's routes`, mend);
    },
  };
}
