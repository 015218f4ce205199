import { expect, test } from 'vitest';
import { formatStoredHealth, parseStoredHealth } from './stored-health.ts';
import { unknownHealth, type UplinkHealth } from './uplink-health.ts';

const down: UplinkHealth = { state: 'down', since: 500, why: 'no answer', answered: 0, silent: 7, linkedSince: 400 };

test('what was stored comes back; counting begins anew, and nothing is of the future', () => {
  const text = formatStoredHealth(
    new Map([
      ['fiber', down],
      ['lte', unknownHealth(900)],
    ]),
  );
  expect([...parseStoredHealth(text, 800)]).toEqual([
    ['fiber', { state: 'down', since: 500, why: 'no answer', answered: 0, silent: 0 }],
    ['lte', { state: 'unknown', since: 800, why: 'nothing is known yet', answered: 0, silent: 0 }],
  ]);
});

test.each([
  '',
  '{',
  '3',
  'null',
  '{"schemaVersion":2,"uplinks":[]}',
  '{"schemaVersion":1,"uplinks":[null,3,{"name":"x"},{"name":"x","state":"dead","since":1,"why":""}]}',
])('%s: nothing is known', (text) => expect(parseStoredHealth(text, 0).size).toBe(0));
