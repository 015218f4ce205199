import { directImports, heightOf, type Layer } from './layer-graph.ts';

const box = { width: 132, height: 40, gapX: 28, gapY: 56, margin: 16 } as const;

/** docs/architecture.svg: each folder above what it imports. Lines that follow from others are left out. */
export function layersDrawing(layers: readonly Layer[]): string {
  const heights = layers.map(({ name }) => heightOf(layers, name));
  const top = Math.max(...heights);
  const rows = Array.from({ length: top + 1 }, (_, row) =>
    layers.filter((_layer, index) => heights[index] === top - row),
  );
  const columns = Math.max(...rows.map((row) => row.length));
  const width = columns * box.width + (columns - 1) * box.gapX + 2 * box.margin;
  const keyTop = rows.length * (box.height + box.gapY) - box.gapY + box.margin + 28;
  const places = new Map(
    rows.flatMap((row, y) => {
      const rowWidth = row.length * box.width + (row.length - 1) * box.gapX;
      return row.map(
        ({ name }, x) =>
          [
            name,
            {
              x: (width - rowWidth) / 2 + x * (box.width + box.gapX),
              y: box.margin + y * (box.height + box.gapY),
            },
          ] as const,
      );
    }),
  );
  const lines = layers.flatMap((layer) =>
    directImports(layers, layer).map((to) => {
      const [one, other] = [places.get(layer.name)!, places.get(to)!];
      const [x1, y1] = [one.x + box.width / 2, one.y + box.height];
      const [x2, y2] = [other.x + box.width / 2, other.y];
      const middle = (y1 + y2) / 2;
      return `<path d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2 - 6}" marker-end="url(#tip)"/>`;
    }),
  );
  const boxes = layers.map(({ name, world }) => {
    const { x, y } = places.get(name)!;
    return [
      `<rect class="${world}" x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="4"/>`,
      `<text x="${x + box.width / 2}" y="${y + 25}">${name}</text>`,
    ].join('');
  });
  const worlds = [
    ['pure', 'computes only'],
    ['node', 'touches the machine'],
    ['browser', 'in the browser'],
  ] as const;
  const key = worlds.map(
    ([world, text], index) =>
      `<rect class="${world}" x="${box.margin + index * 190}" y="${keyTop}" width="18" height="14" rx="3"/>` +
      `<text class="key" x="${box.margin + 26 + index * 190}" y="${keyTop + 12}">${text}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${keyTop + 30}" role="img" aria-labelledby="t">
<title id="t">${describe(layers)}</title>
<style>
svg{background:#f6f7f5}text{font:15px ui-monospace,monospace;text-anchor:middle;fill:#15201c}.key{font:13px system-ui,sans-serif;text-anchor:start}
rect{fill:#fff;stroke:#8b9a93}.pure{fill:#e2f0ea}.browser{fill:#faf0da}path{fill:none;stroke:#53615b}marker path{fill:#53615b;stroke:none}
@media (prefers-color-scheme:dark){svg{background:#0f1513}text{fill:#e5ece8}rect{fill:#161e1b;stroke:#6b7b74}.pure{fill:#17342b}.browser{fill:#33280f}path{stroke:#a0afa8}marker path{fill:#a0afa8}}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${[...lines, ...boxes, ...key].join('\n')}
</svg>
`;
}

function describe(layers: readonly Layer[]): string {
  return layers
    .filter(({ imports }) => imports.length > 0)
    .map((layer) => `${layer.name} imports ${layer.imports.join(', ')}`)
    .join('; ');
}
