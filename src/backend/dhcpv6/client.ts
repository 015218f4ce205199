import type { Problem } from '../../core/problem.ts';
import type { Circumstances, ClientEffect, ClientEvent, ClientState, Exchange } from './client-state.ts';
import { decodeMessage } from './decode-message.ts';
import { beginSolicit, continueSolicit, giveUpRequest, hearAdvertise } from './discovery.ts';
import { beginExchange, endExchange, transmit, type Turn } from './exchange.ts';
import { finishRelease, hearReply } from './hear-reply.ts';
import type { Message } from './message.ts';
import { messageTypes } from './protocol-numbers.ts';
import { faultOfReconfigure } from './reconfigure-key.ts';
import { confirmDuration, isSolMaxRt } from './retransmission.ts';

/** When an answer without a change is asked for again, in milliseconds after a kick. */
const campaignMoments = [100, 300, 1000, 3000, 10_000];
/** The time that it takes to put a prefix out of use. */
const releasePause = 100;
/** Kicks that come together are one. */
const kickWindow = 50;

export interface Step {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
}

/**
 * One step of a client for delegated prefixes (RFC 9915): pure and total. The caller carries out the effects, and comes
 * back with a `timer` at the moment that `wakeAt` says.
 */
export function stepClient(state: ClientState, event: ClientEvent, circumstances: Circumstances): Step {
  const turn: Turn = { state, effects: [], circumstances };
  dropExpired(turn);
  switch (event.is) {
    case 'link':
      if (event.up) linkUp(turn);
      else linkDown(turn);
      break;
    case 'datagram':
      if (state.link) hear(turn, event.bytes);
      break;
    case 'kick':
      if (state.link) kick(turn, event.until);
      break;
    case 'release':
      release(turn);
      break;
    case 'timer':
      if (state.link) goOn(turn);
      break;
  }
  return { state: turn.state, effects: turn.effects };
}

/** The moment at which the next `timer` is due; Infinity: only another event changes anything. */
export function wakeAt(state: ClientState): number {
  const { link, exchange, leases, server, renewAt, rebindAt, campaign } = state;
  if (!link) return Infinity;
  if (leases.length === 0 && !isSearching(exchange)) return -Infinity;
  const due = Math.min(server === undefined ? Infinity : renewAt, rebindAt);
  const next = exchange ? Math.min(exchange.nextAt, exchange.endsAt) : due;
  const asked = campaign ? campaign.begun + (campaignMoments[campaign.next] ?? Infinity) : Infinity;
  return Math.min(next, asked, ...leases.map(({ validUntil }) => validUntil));
}

/** In use until its valid lifetime ends, and no moment longer (RFC 9915 section 6.3). */
function dropExpired(turn: Turn): void {
  const { leases } = turn.state;
  const valid = leases.filter(({ validUntil }) => validUntil > turn.circumstances.now);
  if (valid.length < leases.length) turn.state = { ...turn.state, leases: valid };
}

function linkUp(turn: Turn): void {
  turn.state = { ...turn.state, link: true, failures: 0 };
  if (turn.state.leases.length === 0) return beginSolicit(turn);
  // Leases of an earlier life have no T1 and T2.
  const { now } = turn.circumstances;
  if (turn.state.rebindAt === Infinity) turn.state = { ...turn.state, rebindAt: now + confirmDuration };
  confirm(turn);
}

function linkDown(turn: Turn): void {
  if (turn.state.exchange?.type === 'release') finishRelease(turn);
  endExchange(turn);
  const { campaign: _, ...rest } = turn.state;
  turn.state = { ...rest, link: false };
}

/** Asks all servers whether the prefixes still are ours (RFC 9915 section 18.2.12). */
function confirm(turn: Turn): void {
  beginExchange(turn, 'confirm', { endsAt: turn.circumstances.now + confirmDuration });
}

function kick(turn: Turn, until: 'answer' | 'change'): void {
  const { now } = turn.circumstances;
  const { exchange, leases, sentAt } = turn.state;
  if (exchange?.type === 'release') return;
  if (until === 'change') turn.state = { ...turn.state, campaign: { begun: now, next: 0 } };
  if (exchange && now - (sentAt.at(-1) ?? -Infinity) < kickWindow) return;
  if (leases.length > 0) confirm(turn);
  else if (exchange?.type !== 'request') {
    turn.state = { ...turn.state, failures: 0 };
    beginSolicit(turn);
  }
}

function release(turn: Turn): void {
  const { campaign: _, ...rest } = turn.state;
  turn.state = rest;
  const { leases, server, link, settings } = rest;
  // No longer used before the server hears of it (RFC 9915 section 18.2.7).
  const report = { interface: settings.interface, reason: 'Release', prefixes: [], released: true, refused: [] };
  if (leases.length > 0) turn.effects.push({ do: 'report', report });
  if (leases.length === 0 || server === undefined || !link) finishRelease(turn);
  else beginExchange(turn, 'release', { server, delay: releasePause });
}

function goOn(turn: Turn): void {
  const { now } = turn.circumstances;
  const { exchange, leases } = turn.state;
  if (exchange && now >= exchange.endsAt) {
    endExchange(turn);
  } else if (exchange && now >= exchange.nextAt) {
    const spent = exchange.retransmission.count > 0 && exchange.sent >= exchange.retransmission.count;
    if (exchange.type === 'solicit') continueSolicit(turn);
    else if (!spent) transmit(turn);
    else if (exchange.type === 'request') giveUpRequest(turn);
    else finishRelease(turn);
  }
  if (!turn.state.link) return;
  if (leases.length === 0 && !isSearching(exchange)) return beginSolicit(turn);
  if (!turn.state.exchange) askWhatIsDue(turn);
  askAgain(turn);
}

/** Whether the exchange is one that goes on without a lease. */
function isSearching(exchange: Exchange | undefined): boolean {
  return exchange?.type === 'solicit' || exchange?.type === 'request' || exchange?.type === 'release';
}

/** T1 and T2 (RFC 9915 sections 18.2.4, 18.2.5). */
function askWhatIsDue(turn: Turn): void {
  const { now } = turn.circumstances;
  const { renewAt, rebindAt, server } = turn.state;
  if (now >= rebindAt) beginExchange(turn, 'rebind');
  else if (now >= renewAt && server !== undefined) beginExchange(turn, 'renew', { server, endsAt: rebindAt });
}

/** The server may be behind the router advertisement that was the reason to ask. */
function askAgain(turn: Turn): void {
  const { campaign, leases } = turn.state;
  const moment = campaign && campaign.begun + (campaignMoments[campaign.next] ?? Infinity);
  if (!campaign || moment! > turn.circumstances.now) return;
  const next = campaign.next + 1;
  const { campaign: _, ...rest } = turn.state;
  turn.state = next < campaignMoments.length ? { ...rest, campaign: { ...campaign, next } } : rest;
  if (leases.length > 0 && !turn.state.exchange) confirm(turn);
}

/** What comes in: passed over unless it is for this client and for what it asked (RFC 9915 section 16). */
function hear(turn: Turn, bytes: Uint8Array): void {
  const read = decodeMessage(bytes);
  if (!read.ok) return refuse(turn, read.problem.message);
  const message = read.value;
  const { settings, exchange } = turn.state;
  const { serverId } = message;
  if (message.clientId !== settings.duid) return refuse(turn, 'a DHCPv6 message is refused: it is for another client');
  if (serverId === undefined) return refuse(turn, 'a DHCPv6 message is refused: it is from no server');
  if (message.type === 'reconfigure') return hearReconfigure(turn, bytes, message);
  if (message.type !== 'advertise' && message.type !== 'reply') return;
  // Late answers are no news for anybody.
  if (!exchange || exchange.sent === 0 || message.transactionId !== exchange.transactionId) return;
  if (exchange.server !== undefined && serverId !== exchange.server) {
    return refuse(turn, 'a DHCPv6 message is refused: another server was asked');
  }
  hearLimit(turn, message);
  if (message.type === 'advertise') {
    if (exchange.type === 'solicit') hearAdvertise(turn, message, serverId);
  } else if (exchange.type !== 'solicit' || (settings.rapidCommit && message.rapidCommit)) {
    hearReply(turn, exchange, message, serverId);
  }
}

/** SOL_MAX_RT: how seldom a server wants to be looked for, also where it has no prefix (RFC 9915 section 18.2.9). */
function hearLimit(turn: Turn, { solMaxRt }: Message): void {
  if (solMaxRt === undefined || !isSolMaxRt(solMaxRt)) return;
  const { exchange } = turn.state;
  const longest = solMaxRt * 1000;
  turn.state = {
    ...turn.state,
    solMaxRt: longest,
    ...(exchange?.type === 'solicit' && {
      exchange: { ...exchange, retransmission: { ...exchange.retransmission, longest } },
    }),
  };
}

/** RFC 9915 section 18.2.11; never without the key that the server gave, and not while anything is being asked. */
function hearReconfigure(turn: Turn, bytes: Uint8Array, message: Message): void {
  const { reconfigureKey: known, exchange, leases, server, rebindAt } = turn.state;
  const fault = faultOfReconfigure(bytes, message, known);
  if (fault !== undefined) return refuse(turn, `a Reconfigure message is refused: ${fault}`);
  if (exchange || leases.length === 0) return;
  turn.state = { ...turn.state, reconfigureKey: { ...known!, leastReplay: message.authentication!.replay + 1n } };
  if (message.asksFor === messageTypes.rebind) beginExchange(turn, 'rebind');
  else if (message.asksFor === messageTypes.renew && server !== undefined) {
    beginExchange(turn, 'renew', { server, endsAt: rebindAt });
  }
}

function refuse(turn: Turn, message: string): void {
  const problem: Problem = { code: 'report-refused', message };
  turn.effects.push({ do: 'refuse', problem });
}
