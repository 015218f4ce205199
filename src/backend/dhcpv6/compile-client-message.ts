import type { Instant } from '../../core/instant.ts';
import { ipv6FromBigInt } from '../../core/ipv6.ts';
import type { ClientState, Exchange } from './client-state.ts';
import { encodeMessage } from './encode-message.ts';
import type { AssociatedPrefix, Association } from './message.ts';
import { optionCodes } from './protocol-numbers.ts';

const unspecified = ipv6FromBigInt(0n);

/** The datagram of an exchange as it is sent at `now` (RFC 9915 sections 18.2.1 to 18.2.7). */
export function compileClientMessage(state: ClientState, exchange: Exchange, now: Instant): Uint8Array {
  const { settings } = state;
  const { type, server } = exchange;
  const releasing = type === 'release';
  return encodeMessage({
    type: type === 'confirm' ? 'rebind' : type,
    transactionId: exchange.transactionId,
    clientId: settings.duid,
    ...(server !== undefined && { serverId: server }),
    elapsed: exchange.sent === 0 ? 0 : Math.min(0xffff, Math.round((now - exchange.begun) / 10)),
    ...(!releasing && { requested: [optionCodes.solMaxRt, optionCodes.pdExclude], reconfigureAccept: true }),
    ...(type === 'solicit' && settings.rapidCommit && { rapidCommit: true }),
    associations: compileAssociations(state, exchange),
  });
}

/**
 * One for each IAID: with what was offered or is held, else with the length that is wished. Left out is what there is
 * nothing to give back of, and what the server of an offer did not offer.
 */
function compileAssociations(state: ClientState, { type, wanted }: Exchange): Association[] {
  const { settings, leases } = state;
  const hint = settings.length === undefined ? [] : [{ length: settings.length, address: unspecified }];
  return settings.iaids.flatMap((iaid) => {
    const offered = wanted?.find((one) => one.iaid === iaid)?.prefixes;
    if (wanted && !offered) return [];
    const held = leases.filter((lease) => lease.iaid === iaid).map(({ prefix }) => prefix);
    if (type === 'release' && held.length === 0) return [];
    const prefixes: readonly Wish[] = offered ?? (held.length > 0 ? held : hint);
    return [{ iaid, t1: 0, t2: 0, prefixes: prefixes.map(prefixOption) }];
  });
}

type Wish = Pick<AssociatedPrefix, 'length' | 'address'>;

/** A client's lifetimes are 0: it has no wishes about them. */
function prefixOption({ length, address }: Wish): AssociatedPrefix {
  return { preferredLifetime: 0, validLifetime: 0, length, address };
}
