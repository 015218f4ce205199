import { quote } from '../../core/quote.ts';
import { commentLines } from '../advice/wrap-text.ts';
import { guestAdvice } from './xen-guest-advice.ts';
import type { XenGuestLink } from './xen-guest.ts';

/** The comment at the head of a file; `advice` is that of the side that it is for. */
export function describeGuest(
  link: XenGuestLink,
  target: string,
  how: readonly string[],
  advice: readonly string[] = guestAdvice(link),
): string[] {
  return commentLines([
    `Interface ${link.device} of the Xen guest ${quote(link.name)}. Made by "sixgate generate xen-guest --for ${target}".`,
    ...(link.example ? ['EXAMPLE: the addresses are for documentation (RFC 3849, RFC 5737) and work nowhere.'] : []),
    ...how,
    ...advice,
  ]);
}
