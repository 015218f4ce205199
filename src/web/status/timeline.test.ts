import { expect, test } from 'vitest';
import { deriveTimeline } from './timeline.ts';

const at = (minute: number): string => new Date(Date.UTC(2027, 0, 1, 0, minute)).toISOString();

test('to scale, one line an uplink, the same prefix in the same shade', () => {
  const history = [
    { uplink: 'dsl', prefix: 'a', since: at(0), until: at(10) },
    { uplink: 'lte', prefix: 'c', since: at(5), until: null },
    { uplink: 'dsl', prefix: 'b', since: at(10), until: at(30) },
    { uplink: 'dsl', prefix: 'a', since: at(30), until: null },
  ];
  const line = deriveTimeline(history, Date.parse(at(40)));
  expect(line?.uplinks.map(({ name }) => name)).toEqual(['dsl', 'lte']);
  expect(line?.uplinks[0]?.spans).toEqual([
    { prefix: 'a', start: 0, end: 0.25, open: false, shade: 0 },
    { prefix: 'b', start: 0.25, end: 0.75, open: false, shade: 2 },
    { prefix: 'a', start: 0.75, end: 1, open: true, shade: 0 },
  ]);
});

test('no history, and one that began a moment ago', () => {
  expect(deriveTimeline([], 0)).toBeUndefined();
  const line = deriveTimeline([{ uplink: 'dsl', prefix: 'a', since: at(0), until: null }], Date.parse(at(0)));
  expect(line?.uplinks[0]?.spans[0]).toMatchObject({ start: 0, end: 1 });
});
