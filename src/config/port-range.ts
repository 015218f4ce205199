import { quote } from '../core/quote.ts';
import type { PortRange } from '../engine/config.ts';
import { readInteger } from './shape/scalars.ts';
import { refuse, refuseType, type Shape } from './shape/shape.ts';

const pattern = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/;

/** A port as a number, or a port or range "FIRST-LAST" as text. */
export function portRange(example: string): Shape<PortRange> {
  const mend = `Write a port or a range of ports from 1 to 65535, as in ${example}.`;
  return {
    schema: {
      description: 'A port, or a range of ports as text ("6000-6100").',
      anyOf: [
        { type: 'integer', minimum: 1, maximum: 65535 },
        { type: 'string', pattern: '^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$' },
      ],
    },
    read(node, path, report) {
      if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') {
        return refuseType(report, node, path, 'a port or a range of ports', mend);
      }
      const at = { place: node.place, path };
      if (typeof node.value !== 'string') {
        const port = readInteger(node, path, report);
        if (!port) return undefined;
        if (isPort(port.value)) return { ...at, value: { first: port.value, last: port.value } };
        return refuse(report, at, 'config-value', `${port.value} is not a port (1 to 65535)`, mend);
      }
      const match = pattern.exec(node.value);
      if (!match)
        return refuse(report, at, 'config-value', `${quote(node.value)} is not a port or a range of ports`, mend);
      const first = Number(match[1]);
      const last = Number(match[2] ?? match[1]);
      for (const port of [first, last]) {
        if (!isPort(port)) return refuse(report, at, 'config-value', `${port} is not a port (1 to 65535)`, mend);
      }
      if (first > last) {
        return refuse(report, at, 'config-value', `the range "${node.value}" is reversed`, `Write "${last}-${first}".`);
      }
      return { ...at, value: { first, last } };
    },
  };
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65535;
}

/** The same ports, sorted and without overlap or gaps of zero: nftables refuses intervals that overlap. */
export function mergePortRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((one, other) => one.first - other.first)) {
    const before = merged.at(-1);
    if (before && range.first <= before.last + 1) {
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    } else merged.push(range);
  }
  return merged;
}
