import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ipv6Address } from '../core/ipv6.ts';
import type { HealthCheck } from './config.ts';
import {
  healthDueAt,
  settleTime,
  stepHealth,
  unknownHealth,
  type HealthEvent,
  type UplinkHealth,
} from './uplink-health.ts';
import type { LinkCondition } from './uplink-link.ts';

const target = 1n as Ipv6Address;
const check: HealthCheck = { targets: [target], interval: 5, timeout: 1, down: 3, up: 5 };
const link = (condition: LinkCondition): HealthEvent => ({ is: 'link', link: { interface: 'eth0', condition } });
const events: Readonly<Record<string, HealthEvent>> = {
  r: link('ready'),
  x: link('no-carrier'),
  n: link('no-route'),
  a: { is: 'answered', target, milliseconds: 3 },
  s: { is: 'silent' },
  u: { is: 'unasked', why: 'ping is not installed' },
};

/** One letter an event, a second apart. */
function tell(story: string, rule: HealthCheck | 'none' = check): UplinkHealth {
  const given = rule === 'none' ? undefined : rule;
  return story
    .split('')
    .reduce(
      (health, letter, index) => stepHealth(health, events[letter]!, given, (index + 1) * 1000),
      unknownHealth(0),
    );
}

test.each([
  ['', 'unknown', 'nothing is known yet'],
  ['r', 'unknown', 'nothing is known yet'],
  ['x', 'unknown', 'eth0 has no carrier'],
  ['xnr', 'unknown', 'nothing is known yet'],
  ['xnra', 'up', '::1 answers'],
  ['ra', 'up', '::1 answers'],
  ['rass', 'up', '::1 answers'],
  ['rasss', 'down', 'no answer from ::1'],
  ['rassasss', 'down', 'no answer from ::1'],
  ['rsss', 'down', 'no answer from ::1'],
  ['rasssaaaa', 'down', 'no answer from ::1'],
  ['rasssaaaasaaaa', 'down', 'no answer from ::1'],
  ['rasssaaaaa', 'up', '::1 answers'],
  ['rax', 'down', 'eth0 has no carrier'],
  ['raxaaaaaa', 'down', 'eth0 has no carrier'],
  ['raxraaaa', 'down', 'eth0 has no carrier'],
  ['raxraaaaa', 'up', '::1 answers'],
  ['raxn', 'down', 'no default route through eth0'],
  ['rauuuuuuuu', 'up', '::1 answers'],
  ['uuu', 'unknown', 'nothing is known yet'],
  ['rasssuuuuu', 'down', 'no answer from ::1'],
])('%s: %s', (story, state, why) => expect(tell(story)).toMatchObject({ state, why }));

test('what cannot be asked is told until something is asked again', () => {
  expect(tell('rau').unasked).toBe('ping is not installed');
  expect(tell('raua').unasked).toBeUndefined();
  expect(tell('raus').unasked).toBeUndefined();
});

test('without a check the link decides, and has to stay for a while after it was gone', () => {
  expect(tell('xr', 'none').state).toBe('up');
  expect(tell('r', 'none')).toMatchObject({ state: 'up', why: 'eth0 has a carrier and a default route' });
  const gone = tell('rx', 'none');
  expect(gone).toMatchObject({ state: 'down', since: 2000 });
  const back = stepHealth(gone, events['r']!, undefined, 5000);
  expect(back.state).toBe('down');
  expect(healthDueAt(back, undefined)).toBe(5000 + settleTime);
  expect(stepHealth(back, events['r']!, undefined, 4999 + settleTime).state).toBe('down');
  expect(stepHealth(back, events['r']!, undefined, 5000 + settleTime)).toMatchObject({
    state: 'up',
    since: 5000 + settleTime,
  });
  const flapping = stepHealth(stepHealth(back, events['x']!, undefined, 9000), events['r']!, undefined, 9500);
  expect(stepHealth(flapping, events['r']!, undefined, 5000 + settleTime).state).toBe('down');
});

test('since is when the state began, not when it was looked at last', () => {
  expect(tell('raaaa').since).toBe(2000);
  expect(tell('rasssss').since).toBe(5000);
  expect(tell('raxxxx').since).toBe(3000);
  // Another reason for the same state is no new beginning.
  expect(tell('raxn')).toMatchObject({ since: 3000, why: 'no default route through eth0' });
});

test('any events: down only with a reason, never up without an answer or down without silence, and a look changes nothing', () => {
  const story = fc.array(fc.constantFrom('r', 'x', 'n', 'a', 's', 'u'), { maxLength: 60 });
  fc.assert(
    fc.property(story, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (letters, down, up) => {
      const rule = { ...check, down, up };
      let health = unknownHealth(0);
      letters.forEach((letter, index) => {
        const before = health;
        const now = (index + 1) * 1000;
        health = stepHealth(before, events[letter]!, rule, now);
        if (health.state === before.state) expect(health.since).toBe(before.since);
        else {
          expect(health.since).toBe(now);
          const recent = letters.slice(0, index + 1);
          if (health.state === 'up') {
            const needed = before.state === 'unknown' ? 1 : up;
            expect(recent.filter((each) => each !== 'u' && each !== 'r').slice(-needed)).toEqual(
              Array(needed).fill('a'),
            );
          } else if (letter === 's') {
            expect(recent.filter((each) => each !== 'u' && each !== 'r').slice(-down)).toEqual(Array(down).fill('s'));
          } else expect(['x', 'n']).toContain(letter);
        }
        if (letter !== 'a' && letter !== 's')
          expect(stepHealth(health, events[letter]!, rule, now + 500)).toEqual(health);
      });
    }),
  );
});
