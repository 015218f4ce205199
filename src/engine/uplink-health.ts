import type { Instant } from '../core/instant.ts';
import { formatIpv6, type Ipv6Address } from '../core/ipv6.ts';
import type { HealthCheck } from './config.ts';
import { explainLink, type UplinkLink } from './uplink-link.ts';

/** Whether new flows should leave by an uplink. Unknown is not down: it holds until something is known. */
export interface UplinkHealth {
  readonly state: 'up' | 'down' | 'unknown';
  readonly since: Instant;
  /** One clause: what was seen last that decided it. */
  readonly why: string;
  /** Rounds in a row. */
  readonly answered: number;
  readonly silent: number;
  /** Since when the link has been ready without a break; undefined while it is not, or nobody has looked yet. */
  readonly linkedSince?: Instant | undefined;
  readonly lastAnswer?: { readonly target: Ipv6Address; readonly milliseconds: number };
  /** Why the last round could not be asked. */
  readonly unasked?: string | undefined;
}

export type HealthEvent =
  /** A look at the kernel; also where nothing is new. */
  | { readonly is: 'link'; readonly link: Pick<UplinkLink, 'interface' | 'condition'> }
  | { readonly is: 'answered'; readonly target: Ipv6Address; readonly milliseconds: number }
  | { readonly is: 'silent' }
  /** The round could not be sent, which says nothing of the uplink. */
  | { readonly is: 'unasked'; readonly why: string };

/** How long a link without a check has to be ready again before it counts, in milliseconds: cables flap. */
export const settleTime = 10_000;

const nothingKnown = 'nothing is known yet';

export function unknownHealth(now: Instant): UplinkHealth {
  return { state: 'unknown', since: now, why: nothingKnown, answered: 0, silent: 0 };
}

/**
 * What is known after an event. Pure and total.
 *
 * | state   | event                              | next                                                        |
 * | ------- | ---------------------------------- | ----------------------------------------------------------- |
 * | unknown | the link is not ready              | unknown: at boot links come one after the other             |
 * | others  | the link is not ready              | down, at once                                               |
 * | unknown | the link is ready, no check        | up                                                          |
 * | down    | the link is ready, no check        | up once it has been ready for `settleTime`                  |
 * | unknown | a round is answered                | up                                                          |
 * | down    | as many rounds as `check.up`       | up                                                          |
 * | others  | as many silent ones as `check.down` | down                                                       |
 * | any     | a round could not be sent          | the same                                                    |
 *
 * Answers and silence count only while the link is ready: what was on its way when the cable was pulled says nothing.
 */
export function stepHealth(
  before: UplinkHealth,
  event: HealthEvent,
  check: HealthCheck | undefined,
  now: Instant,
): UplinkHealth {
  switch (event.is) {
    case 'link':
      return stepLink(before, event.link, check, now);
    case 'unasked':
      return before.unasked === event.why ? before : { ...before, unasked: event.why };
    case 'answered':
      return stepAnswer(before, event, check, now);
    case 'silent':
      return stepSilence(before, check, now);
  }
}

function stepLink(
  before: UplinkHealth,
  link: Pick<UplinkLink, 'interface' | 'condition'>,
  check: HealthCheck | undefined,
  now: Instant,
): UplinkHealth {
  const trouble = explainLink(link);
  if (trouble !== undefined) {
    if (before.why === trouble && before.linkedSince === undefined) return before;
    const gone = { ...before, answered: 0, silent: 0, linkedSince: undefined };
    return turn(gone, before.state === 'unknown' ? 'unknown' : 'down', trouble, now);
  }
  const linked = before.linkedSince === undefined ? { ...before, ...beginning(before), linkedSince: now } : before;
  if (check || linked.state === 'up') return linked;
  if (linked.state === 'down' && now - linked.linkedSince! < settleTime) return linked;
  return turn(linked, 'up', `${link.interface} has a carrier and a default route`, now);
}

/** What was wrong with the link of an uplink of which nothing else is known is over. */
function beginning({ state }: UplinkHealth): Partial<UplinkHealth> {
  return state === 'unknown' ? { why: nothingKnown } : {};
}

function stepAnswer(
  before: UplinkHealth,
  { target, milliseconds }: Extract<HealthEvent, { is: 'answered' }>,
  check: HealthCheck | undefined,
  now: Instant,
): UplinkHealth {
  if (before.linkedSince === undefined) return before;
  const answered = before.answered + 1;
  const next = { ...before, answered, silent: 0, unasked: undefined, lastAnswer: { target, milliseconds } };
  if (before.state === 'up' || (before.state === 'down' && answered < (check?.up ?? 1))) return next;
  return turn(next, 'up', `${formatIpv6(target)} answers`, now);
}

function stepSilence(before: UplinkHealth, check: HealthCheck | undefined, now: Instant): UplinkHealth {
  if (before.linkedSince === undefined) return before;
  const silent = before.silent + 1;
  const next = { ...before, silent, answered: 0, unasked: undefined };
  if (before.state === 'down' || silent < (check?.down ?? 1)) return next;
  return turn(next, 'down', explainSilence(check), now);
}

function explainSilence(check: HealthCheck | undefined): string {
  const targets = check?.targets ?? [];
  return targets.length === 1
    ? `no answer from ${formatIpv6(targets[0]!)}`
    : `no answer from any of ${targets.length} hosts`;
}

function turn(health: UplinkHealth, state: UplinkHealth['state'], why: string, now: Instant): UplinkHealth {
  return { ...health, state, why, since: health.state === state ? health.since : now };
}

/** When a look at the clock alone changes something; Infinity where nothing does. */
export function healthDueAt({ state, linkedSince }: UplinkHealth, check: HealthCheck | undefined): Instant {
  return check || state !== 'down' || linkedSince === undefined ? Infinity : linkedSince + settleTime;
}

/** Whether the next round should come soon: something may just have gone wrong. */
export function isInDoubt({ state, silent }: UplinkHealth): boolean {
  return state !== 'down' && silent > 0;
}
