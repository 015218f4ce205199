import type { Report } from './config-problem.ts';
import { describeNode, type MapEntry, type Node } from './node.ts';
import { formatPlaceFrom } from './place.ts';

/**
 * Lays `later` over `earlier`: maps merge key by key (new keys behind), lists are appended, of two other values the later
 * stands. "Nothing" (a key without a value) gives way to anything. Two different kinds are a problem.
 */
export function mergeNodes(earlier: Node, later: Node, report: Report): Node {
  if (isNothing(later)) return earlier;
  if (isNothing(earlier)) return later;
  if (earlier.kind === 'map' && later.kind === 'map') {
    const entries = new Map<string, MapEntry>(earlier.entries.map((entry) => [entry.key, entry]));
    for (const entry of later.entries) {
      const before = entries.get(entry.key);
      entries.set(entry.key, before ? { ...before, node: mergeNodes(before.node, entry.node, report) } : entry);
    }
    return { ...earlier, entries: [...entries.values()] };
  }
  if (earlier.kind === 'list' && later.kind === 'list')
    return { ...earlier, items: [...earlier.items, ...later.items] };
  if (earlier.kind !== later.kind) {
    report({
      ...later.place,
      code: 'config-type',
      message: `${describeNode(later)} cannot be merged with ${describeNode(earlier)} in ${formatPlaceFrom(later.place, earlier.place)}`,
      mend: 'Write the same kind of value in both places.',
    });
    return earlier;
  }
  return later;
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}
