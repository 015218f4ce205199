import { expect, test } from 'vitest';
import { createAnnouncements } from './announcements.ts';

const line = (prefix: string, valid = 7200, preferred = valid / 2) =>
  ({ about: 'prefix', interface: 'eth0', prefix, valid, preferred }) as const;
const link = (carrier: boolean) => ({ about: 'link', interface: 'eth0', carrier }) as const;
const one = '2001:db8:a::/64';
const two = '2001:db8:b::/64';

test('the same advertisement again and again is no news', () => {
  const known = createAnnouncements();
  expect(known.note(line(one))).toEqual({ is: 'new-prefix', prefix: one });
  for (let count = 0; count < 20; count++) expect(known.note(line(one))).toEqual({ is: 'repeated' });
});

test('flash renumbering: a new prefix and the old one with lifetime 0, each news once', () => {
  const known = createAnnouncements();
  known.note(line(one));
  expect(known.note(line(two))).toEqual({ is: 'new-prefix', prefix: two });
  expect(known.note(line(one, 0))).toEqual({ is: 'withdrawn', prefix: one });
  expect(known.note(line(two))).toEqual({ is: 'repeated' });
  expect(known.note(line(one, 0))).toEqual({ is: 'repeated' });
  expect(known.note(line(one))).toEqual({ is: 'new-prefix', prefix: one });
});

test('deprecated counts as withdrawn', () => {
  const known = createAnnouncements();
  known.note(line(one));
  expect(known.note(line(one, 7200, 0))).toEqual({ is: 'withdrawn', prefix: one });
});

test('what was announced before is no news, what differs from it is', () => {
  const known = createAnnouncements();
  known.learn(line(one));
  known.learn(line(two));
  expect(known.note(line(two))).toEqual({ is: 'repeated' });
  expect(known.note(line(one, 0))).toEqual({ is: 'withdrawn', prefix: one });
});

test('only a carrier that was gone comes back', () => {
  const known = createAnnouncements();
  expect([true, true, false, false, true, true].map((carrier) => known.note(link(carrier))?.is)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'carrier-back',
    undefined,
  ]);
});

test('a neighbour that announces ever new prefixes does not push out more than the oldest', () => {
  const known = createAnnouncements();
  for (let index = 0; index < 1000; index++) known.note(line(`2001:db8:${index.toString(16)}::/64`));
  expect(known.note(line('2001:db8:3e7::/64'))).toEqual({ is: 'repeated' });
  expect(known.note(line('2001:db8:1::/64'))).toMatchObject({ is: 'new-prefix' });
});
