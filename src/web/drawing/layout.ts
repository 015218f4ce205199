import type { Box, Drawing, Link } from './drawing.ts';

export interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Where the first of the lines begins, from the top of the box. */
  readonly head: number;
  /** `lines`, broken where they were too long. */
  readonly shown: readonly string[];
}

export interface PlacedLink extends Link {
  /** Points of a line with right angles. */
  readonly points: readonly (readonly [number, number])[];
  readonly labelAt: readonly [number, number];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly links: readonly PlacedLink[];
}

/** In pixels, for the font sizes in style.css. */
const size = {
  mono: 7.25,
  sans: 7.9,
  tag: 6.6,
  label: 6.9,
  line: 17,
  head: 33,
  foot: 9,
  side: 14,
  gapX: 14,
  gapY: 46,
  rowGap: 14,
};

/**
 * Layers below each other, each centred; a layer that is too wide goes on in another row. Widths of texts are estimated, since
 * no font can be measured before it is drawn.
 */
export function layOut(drawing: Drawing, width: number): Layout {
  const boxes: PlacedBox[] = [];
  let y = 4;
  for (const layer of drawing.layers) {
    const rows = toRows(
      layer.map((box) => measure(box, width - 4)),
      width - 4,
    );
    for (const row of rows) {
      const total = row.reduce((sum, box) => sum + box.width, 0) + size.gapX * (row.length - 1);
      const height = Math.max(...row.map((box) => box.height));
      let x = (width - total) / 2;
      for (const box of row) {
        boxes.push({ ...box, x, y, height });
        x += box.width + size.gapX;
      }
      y += height + size.rowGap;
    }
    if (rows.length > 0) y += size.gapY - size.rowGap;
  }
  const find = (id: string): PlacedBox | undefined => boxes.find((box) => box.id === id);
  const links = drawing.links.flatMap((link): PlacedLink[] => {
    const [from, to] = [find(link.from), find(link.to)];
    return from && to ? [within(place(link, from, to), width)] : [];
  });
  return { width, height: Math.max(y - size.gapY + 4, 0), boxes, links };
}

function measure(box: Box, most: number): Omit<PlacedBox, 'x' | 'y'> {
  const perLine = Math.floor((most - 2 * size.side) / size.mono);
  const shown = box.lines.flatMap((line) => breakLine(line, perLine));
  const wanted = Math.max(
    box.name.length * size.sans,
    box.role.length * size.tag,
    ...shown.map((line) => line.length * size.mono),
    60,
  );
  const head = box.name === '' ? size.head - size.line + 3 : size.head;
  return {
    ...box,
    head,
    shown,
    width: Math.min(Math.ceil(wanted) + 2 * size.side, most),
    height: head + shown.length * size.line + size.foot,
  };
}

/** Behind a colon, slash or blank where there is one. */
function breakLine(line: string, most: number): string[] {
  if (line.length <= most) return [line];
  const head = line.slice(0, most);
  const at = Math.max(head.lastIndexOf(':'), head.lastIndexOf(' '), head.lastIndexOf('/')) + 1 || most;
  return [line.slice(0, at), ...breakLine(line.slice(at), most)];
}

function toRows(boxes: readonly Omit<PlacedBox, 'x' | 'y'>[], width: number): Omit<PlacedBox, 'x' | 'y'>[][] {
  const rows: Omit<PlacedBox, 'x' | 'y'>[][] = [];
  let used = Infinity;
  for (const box of boxes) {
    if (used + size.gapX + box.width > width) {
      rows.push([]);
      used = -size.gapX;
    }
    rows.at(-1)!.push(box);
    used += size.gapX + box.width;
  }
  return rows;
}

/** The label moves over the line rather than out of the drawing. */
function within(link: PlacedLink, width: number): PlacedLink {
  const [x, y] = link.labelAt;
  const most = width - 4 - (link.label ?? '').length * size.label;
  return { ...link, labelAt: [Math.max(4, Math.min(x, most)), y] };
}

function place(link: Link, from: PlacedBox, to: PlacedBox): PlacedLink {
  const [upper, lower] = from.y <= to.y ? [from, to] : [to, from];
  const start = [upper.x + upper.width / 2, upper.y + upper.height] as const;
  const end = [lower.x + lower.width / 2, lower.y] as const;
  if (Math.abs(start[0] - end[0]) < 1) {
    return { ...link, points: [start, end], labelAt: [start[0] + 12, end[1] - size.gapY / 2 + 4] };
  }
  // The rail is at the same height for all of a layer, so that it looks like one cable.
  const rail = end[1] - size.rowGap / 2 - 5;
  const points = [start, [start[0], rail] as const, [end[0], rail] as const, end];
  return { ...link, points, labelAt: [end[0] + 8, rail - 6] };
}
