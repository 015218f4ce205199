import type { Offer } from './client-state.ts';
import { beginExchange, transmit, type Turn } from './exchange.ts';
import type { Message } from './message.ts';
import { readGrant } from './read-grant.ts';

/** More servers than any link has. */
const offerLimit = 16;
/** In milliseconds. */
const longestPause = 60_000;

/** Looks for servers (RFC 9915 section 18.2.1), after a pause that grows where Requests come to nothing. */
export function beginSolicit(turn: Turn): void {
  const { failures } = turn.state;
  const pause = failures === 0 ? 0 : Math.min(1000 * 2 ** (failures - 1), longestPause);
  beginExchange(turn, 'solicit', { delay: pause * (0.9 + turn.circumstances.jitter * 0.2) });
}

/**
 * An Advertise (RFC 9915 section 18.2.9): taken at once with the highest preference, after the first second, or where
 * the settings say so; kept until that second is over otherwise. One without a prefix says only why.
 */
export function hearAdvertise(turn: Turn, message: Message, server: Offer['server']): void {
  const { settings, exchange, offers } = turn.state;
  const { served, denied, prefixes } = readGrant(settings, message);
  if (served.size === 0) {
    if (denied) turn.state = { ...turn.state, denied };
    return;
  }
  const wanted = [...served].map((iaid) => ({
    iaid,
    prefixes: prefixes.flatMap(({ iaid: of, prefix, validLifetime }) =>
      of === iaid && validLifetime > 0 ? [{ ...prefix, preferredLifetime: 0, validLifetime: 0 }] : [],
    ),
  }));
  const offer: Offer = { server, preference: message.preference ?? 0, wanted };
  const others = offers.filter((other) => other.server !== server);
  if (others.length < offerLimit) turn.state = { ...turn.state, offers: [...others, offer] };
  if (offer.preference === 255 || settings.firstOffer || exchange!.sent > 1) requestBest(turn);
}

/** Asks the best server for what it offered: by preference, by how many associations it serves, by who came first. */
export function requestBest(turn: Turn): void {
  const [best, ...others] = turn.state.offers.toSorted(
    (one, other) => other.preference - one.preference || other.wanted.length - one.wanted.length,
  );
  if (!best) return;
  beginExchange(turn, 'request', { server: best.server, wanted: best.wanted });
  turn.state = { ...turn.state, offers: others };
}

/** A Request came to nothing: the next offer, or a new search. */
export function giveUpRequest(turn: Turn): void {
  turn.state = { ...turn.state, failures: turn.state.failures + 1 };
  if (turn.state.offers.length > 0) requestBest(turn);
  else beginSolicit(turn);
}

/** The moment came at which a Solicit is sent again, or the offers that came are enough. */
export function continueSolicit(turn: Turn): void {
  if (turn.state.offers.length > 0) requestBest(turn);
  else transmit(turn);
}
