import { infiniteLifetime } from '../../core/instant.ts';
import { equalPrefixes, formatPrefix, type Prefix } from '../../core/prefix.ts';
import type { ReportedPrefix } from '../../engine/delegation.ts';
import type { Exchange, Lease } from './client-state.ts';
import { beginSolicit, giveUpRequest } from './discovery.ts';
import type { Duid } from '../../core/duid.ts';
import { beginExchange, endExchange, type Turn } from './exchange.ts';
import { deriveLeaseTimes } from './lease-times.ts';
import type { Message, Status } from './message.ts';
import { statusCodes } from './protocol-numbers.ts';
import { isFailure, readGrant, type Grant } from './read-grant.ts';
import { readReconfigureKey } from './reconfigure-key.ts';

/**
 * A Reply to the exchange that is going on (RFC 9915 section 18.2.10).
 *
 * | it                                  | then                                                                     |
 * | ----------------------------------- | ------------------------------------------------------------------------ |
 * | serves all that is held             | its figures count, the exchange is over                                  |
 * | serves some of what is held         | its figures count, the others are asked for again                        |
 * | has NoBinding for a renewed one     | a Request to this server; what its answer leaves out is gone             |
 * | has lifetimes of 0 for renewed ones | those are gone; with nothing left, a new search                          |
 * | has another status, or nothing      | as if it had not come; a Request goes to the next server, or a new search |
 */
export function hearReply(turn: Turn, exchange: Exchange, message: Message, server: Duid): void {
  const { settings } = turn.state;
  if (exchange.type === 'release') return finishRelease(turn);
  const renewing = exchange.type !== 'solicit' && exchange.type !== 'request';
  const grant = readGrant(settings, message);
  const ends = renewing && grant.prefixes.some(({ validLifetime }) => validLifetime === 0);
  const nothing = grant.served.size === 0 && !ends;
  const lost = renewing && (grant.unbound.size > 0 || message.status?.code === statusCodes.noBinding);
  if (grant.refused.length > 0 && nothing) report(turn, exchange, [], grant);
  if (!lost && (isFailure(message.status) || nothing)) return hearNo(turn, exchange, grant.denied);
  if (!nothing) take(turn, exchange, message, grant, server);
  if (lost) beginExchange(turn, 'request', { server, anew: true });
}

/** Nothing is held and nothing more is asked, until the link comes again. */
export function finishRelease(turn: Turn): void {
  endExchange(turn);
  turn.state = { ...turn.state, link: false, leases: [] };
  turn.effects.push({ do: 'released' });
}

function hearNo(turn: Turn, exchange: Exchange, denied: Status | undefined): void {
  turn.state = { ...turn.state, denied: denied ?? { code: statusCodes.noPrefixAvail, text: '' } };
  if (exchange.type === 'request' && denied?.code !== statusCodes.unspecFail) giveUpRequest(turn);
}

function take(turn: Turn, exchange: Exchange, message: Message, grant: Grant, server: Duid): void {
  const { now } = turn.circumstances;
  const before = turn.state.leases;
  const dropped = exchange.anew ? leftOut(before, grant) : [];
  const reported = [...grant.prefixes, ...dropped];
  const leases = mergeLeases(before, reported, now);
  const { renewAfter, rebindAfter } = deriveLeaseTimes(grant);
  const key = readReconfigureKey(message);
  const { denied: _, campaign, ...rest } = turn.state;
  turn.state = {
    ...rest,
    leases,
    failures: 0,
    ...(grant.served.size > 0 && { server, renewAt: now + renewAfter, rebindAt: now + rebindAfter }),
    ...(key && { reconfigureKey: key }),
    ...(grant.denied && grant.denied.code !== statusCodes.noBinding && { denied: grant.denied }),
    ...(campaign && samePrefixes(before, leases) && { campaign }),
  };
  report(turn, exchange, reported, grant);
  const asked = before.filter((lease) => leases.some((other) => equalPrefixes(other.prefix, lease.prefix)));
  const complete = asked.every(({ iaid }) => grant.served.has(iaid));
  if (exchange.type === 'solicit' || exchange.type === 'request' || complete) endExchange(turn);
  if (leases.length === 0) beginSolicit(turn);
}

/** What an association that is served anew held before and holds no longer. */
function leftOut(before: readonly Lease[], { served, prefixes }: Grant): ReportedPrefix[] {
  return before
    .filter(({ iaid, prefix }) => served.has(iaid) && !prefixes.some((one) => equalPrefixes(one.prefix, prefix)))
    .map(({ iaid, prefix }) => ({ iaid, prefix, preferredLifetime: 0, validLifetime: 0 }));
}

function mergeLeases(before: readonly Lease[], reported: readonly ReportedPrefix[], now: number): Lease[] {
  const names = (prefix: Prefix): boolean => reported.some((one) => equalPrefixes(one.prefix, prefix));
  const until = (seconds: number): number => (seconds === infiniteLifetime ? Infinity : now + seconds * 1000);
  return [
    ...before.filter(({ prefix }) => !names(prefix)),
    ...reported
      .filter(({ validLifetime }) => validLifetime > 0)
      .map(({ iaid, prefix, preferredLifetime, validLifetime }) => ({
        iaid,
        prefix,
        preferredUntil: until(preferredLifetime),
        validUntil: until(validLifetime),
      })),
  ];
}

function samePrefixes(one: readonly Lease[], other: readonly Lease[]): boolean {
  const text = (leases: readonly Lease[]): string =>
    leases
      .map(({ prefix }) => formatPrefix(prefix))
      .toSorted()
      .join(' ');
  return text(one) === text(other);
}

function report(turn: Turn, { type }: Exchange, prefixes: readonly ReportedPrefix[], { refused }: Grant): void {
  const name = type === 'confirm' ? 'rebind' : type;
  turn.effects.push({
    do: 'report',
    report: {
      interface: turn.state.settings.interface,
      reason: `Reply to ${name[0]!.toUpperCase()}${name.slice(1)}`,
      prefixes,
      released: false,
      refused,
    },
  });
}
