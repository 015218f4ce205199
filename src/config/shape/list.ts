import { refuseType, type Located, type Shape } from './shape.ts';

/** A list; items that were refused are left out of what is read. */
export function list<T>(description: string, shape: Shape<T>): Shape<readonly Located<T>[]> {
  return {
    schema: { type: 'array', description, items: shape.schema },
    read(node, path, report) {
      if (node.kind === 'scalar' && node.value === null) return { value: [], place: node.place, path };
      if (node.kind !== 'list') {
        return refuseType(
          report,
          node,
          path,
          'a list',
          'Put it in square brackets, or each item on a line after "- ".',
        );
      }
      const read = node.items.map((item, index) => shape.read(item, `${path}[${index}]`, report));
      return { value: read.filter((item) => item !== undefined), place: node.place, path };
    },
  };
}
