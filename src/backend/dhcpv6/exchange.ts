import type { Circumstances, ClientEffect, ClientState, Exchange } from './client-state.ts';
import { compileClientMessage } from './compile-client-message.ts';
import { nextTimeout, retransmissions, type ExchangeType } from './retransmission.ts';

/** One step in the making: what it began with, and the state and effects so far. */
export interface Turn {
  state: ClientState;
  readonly effects: ClientEffect[];
  readonly circumstances: Circumstances;
}

/** No client sends more than this many messages in this time, whatever it is told (RFC 9915 section 14.1). */
const burst = 20;
const burstTime = 20_000;

/** Begins an exchange in the place of the one that is going on; sends its first message now, or after the delay. */
export function beginExchange(
  turn: Turn,
  type: ExchangeType,
  details: Partial<Pick<Exchange, 'server' | 'endsAt' | 'wanted' | 'anew'>> & { readonly delay?: number } = {},
): void {
  const { now, transactionId } = turn.circumstances;
  const { delay = 0, ...rest } = details;
  const { solMaxRt } = turn.state;
  const retransmission = {
    ...retransmissions[type],
    ...(type === 'solicit' && solMaxRt !== undefined && { longest: solMaxRt }),
  };
  const common = { type, transactionId, retransmission, sent: 0, begun: now, nextAt: now + delay, endsAt: Infinity };
  turn.state = { ...turn.state, offers: [], exchange: { ...common, ...rest } };
  if (delay === 0) transmit(turn);
}

/** Sends the message of the exchange (again), or puts it off where too many were sent. */
export function transmit(turn: Turn): void {
  const { now, jitter } = turn.circumstances;
  const { exchange } = turn.state;
  if (!exchange) return;
  const recent = turn.state.sentAt.filter((at) => now - at < burstTime);
  if (recent.length >= burst) {
    turn.state = { ...turn.state, exchange: { ...exchange, nextAt: recent[0]! + burstTime } };
    return;
  }
  const { type, sent, retransmission } = exchange;
  const begun = sent === 0 ? now : exchange.begun;
  turn.effects.push({ do: 'send', type, bytes: compileClientMessage(turn.state, { ...exchange, begun }, now) });
  const timeout = nextTimeout(type, retransmission, exchange.timeout, jitter);
  turn.state = {
    ...turn.state,
    sentAt: [...recent, now],
    exchange: { ...exchange, begun, timeout, sent: sent + 1, nextAt: now + timeout },
  };
}

/** Ends the exchange: nothing is asked until the next moment of `wakeAt`. */
export function endExchange(turn: Turn): void {
  const { exchange: _, ...rest } = turn.state;
  turn.state = { ...rest, offers: [] };
}
