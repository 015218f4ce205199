import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box } from './drawing.ts';
import { layOut } from './layout.ts';

const box = (id: string): fc.Arbitrary<Box> =>
  fc.record({
    id: fc.constant(id),
    role: fc.string({ maxLength: 20 }),
    name: fc.string({ maxLength: 30 }),
    lines: fc.array(fc.string({ maxLength: 60, size: 'max' }), { maxLength: 4 }),
  });
const layer = (index: number): fc.Arbitrary<Box[]> =>
  fc
    .integer({ min: 0, max: 6 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => box(`${index} ${at}`))));

test('boxes stay in the drawing and apart, and every line is broken to fit, on a phone too', () => {
  fc.assert(
    fc.property(fc.tuple(layer(0), layer(1), layer(2)), fc.integer({ min: 240, max: 900 }), (layers, width) => {
      const { boxes, height } = layOut({ caption: '', layers, links: [] }, width);
      for (const [index, one] of boxes.entries()) {
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.x + one.width).toBeLessThanOrEqual(width);
        expect(one.y + one.height).toBeLessThanOrEqual(height);
        expect(one.shown.join('')).toBe(one.lines.join(''));
        for (const line of one.shown) expect(line.length * 7.25 + 28).toBeLessThanOrEqual(Math.max(one.width, 60) + 1);
        for (const other of boxes.slice(index + 1)) {
          const apart =
            one.x + one.width <= other.x ||
            other.x + other.width <= one.x ||
            one.y + one.height <= other.y ||
            other.y + other.height <= one.y;
          expect(apart).toBe(true);
        }
      }
    }),
  );
});

test('a link runs from box to box, and its label stays in the drawing', () => {
  const plain = (id: string): Box => ({ id, role: '', name: id, lines: [] });
  const label = 'a label that is much longer than half of the drawing';
  const { links, boxes } = layOut(
    {
      caption: '',
      layers: [[plain('a')], [plain('b'), plain('c')]],
      links: [
        { from: 'a', to: 'c', label },
        { from: 'a', to: 'nobody' },
      ],
    },
    320,
  );
  expect(links).toHaveLength(1);
  const [{ points, labelAt }] = links as [(typeof links)[0]];
  const target = boxes.find(({ id }) => id === 'c')!;
  expect(points.at(-1)).toEqual([target.x + target.width / 2, target.y]);
  expect(labelAt[0]).toBeGreaterThanOrEqual(4);
});
