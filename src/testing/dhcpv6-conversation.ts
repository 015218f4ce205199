import { stepClient, wakeAt } from '../backend/dhcpv6/client.ts';
import {
  newClient,
  type ClientEvent,
  type ClientSettings,
  type ClientState,
  type Lease,
} from '../backend/dhcpv6/client-state.ts';
import { decodeMessage } from '../backend/dhcpv6/decode-message.ts';
import { duidFromBytes, type Duid } from '../core/duid.ts';
import { encodeMessage } from '../backend/dhcpv6/encode-message.ts';
import type { AssociatedPrefix, Association, Message } from '../backend/dhcpv6/message.ts';
import { formatPrefix, parsePrefix, type Prefix } from '../core/prefix.ts';
import type { LeaseReport } from '../engine/delegation.ts';

export const clientDuid = duidFromBytes(Uint8Array.of(0, 3, 0, 1, 2, 0, 0x5e, 0x10, 0, 1));
export const serverDuid: Duid = duidFromBytes(Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 0xfe));
export const otherServer: Duid = duidFromBytes(Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 0xff));

/** A delegation as a server writes it: `2001:db8:a:aa80::/58`. */
export function delegated(text: string, valid = 3600, preferred = Math.floor(valid / 2)): AssociatedPrefix {
  const [address = '', length] = text.split('/');
  const prefix = knownPrefix(`${address}/128`);
  return { preferredLifetime: preferred, validLifetime: valid, length: Number(length), address: prefix.address };
}

/** An identity association with these prefixes. */
export function association(prefixes: readonly AssociatedPrefix[], details: Partial<Association> = {}): Association {
  return { iaid: 1, t1: 900, t2: 1440, prefixes, ...details };
}

export function knownPrefix(text: string): Prefix {
  const read = parsePrefix(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
}

/** A client in a world where time passes when it is told to, and the test is the server. Moments are in seconds. */
export class Conversation {
  state: ClientState;
  readonly sent: { readonly at: number; readonly message: Message }[] = [];
  readonly reports: LeaseReport[] = [];
  readonly refused: string[] = [];
  released = 0;
  /** Random figures of the next steps. */
  jitter = 0.5;
  #now = 0;
  #serial = 0;

  constructor(settings: Partial<ClientSettings> = {}, leases: readonly Lease[] = []) {
    const defaults = { interface: 'eth0', duid: clientDuid, iaids: [1], length: 58 };
    this.state = newClient({ ...defaults, rapidCommit: true, firstOffer: false, ...settings }, leases);
  }

  get now(): number {
    return this.#now / 1000;
  }

  tell(event: ClientEvent): this {
    const circumstances = { now: this.#now, transactionId: ++this.#serial, jitter: this.jitter };
    const { state, effects } = stepClient(this.state, event, circumstances);
    this.state = state;
    for (const effect of effects) {
      if (effect.do === 'report') this.reports.push(effect.report);
      else if (effect.do === 'refuse') this.refused.push(effect.problem.message);
      else if (effect.do === 'released') this.released++;
      else {
        const read = decodeMessage(effect.bytes);
        if (!read.ok) throw new Error(read.problem.message);
        this.sent.push({ at: this.now, message: read.value });
      }
    }
    return this;
  }

  /** The interface is there; the client speaks. */
  start(): this {
    return this.tell({ is: 'link', up: true });
  }

  /** Lets time pass, with every timer at its moment. */
  wait(seconds: number): this {
    const end = this.#now + seconds * 1000;
    for (let steps = 0; wakeAt(this.state) <= end; steps++) {
      if (steps > 100_000) throw new Error(`the timer is due for ever: ${JSON.stringify(this.state.exchange)}`);
      this.#now = Math.max(this.#now, wakeAt(this.state));
      this.tell({ is: 'timer' });
    }
    this.#now = end;
    return this;
  }

  /** Lets time pass while nobody looks at the clock: a timer is late. */
  oversleep(seconds: number): this {
    this.#now += seconds * 1000;
    return this;
  }

  get last(): Message {
    return this.sent.at(-1)!.message;
  }

  /** `SOLICIT 0` and so on: what was sent, and when, to hundredths of a second. */
  get log(): string[] {
    return this.sent.map(({ at, message }) => `${message.type} ${Math.round(at * 100) / 100}`);
  }

  /** An answer to the message that was sent last. */
  answer(type: 'advertise' | 'reply', details: Partial<Message> = {}): this {
    return this.hear({ type, transactionId: this.last.transactionId, ...details });
  }

  hear(details: Partial<Message> & Pick<Message, 'type'>): this {
    const message = { transactionId: 0, clientId: clientDuid, serverId: serverDuid, associations: [], ...details };
    return this.hearBytes(encodeMessage(message));
  }

  hearBytes(bytes: Uint8Array): this {
    return this.tell({ is: 'datagram', bytes });
  }

  /** Solicit and Reply: bound to 2001:db8:a:aa80::/58 unless told otherwise. */
  bind(associations: readonly Association[] = [association([delegated('2001:db8:a:aa80::/58')])]): this {
    return this.start().answer('reply', { rapidCommit: true, associations });
  }

  /** What is held, as text. */
  get leases(): string[] {
    return this.state.leases.map(({ prefix }) => formatPrefix(prefix));
  }

  /** The prefixes of the last report: `PREFIX VALID`. */
  get reported(): string[] {
    return (this.reports.at(-1)?.prefixes ?? []).map(
      ({ prefix, validLifetime }) => `${formatPrefix(prefix)} ${validLifetime}`,
    );
  }
}
