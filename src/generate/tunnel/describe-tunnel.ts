import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { tunnelAdvice } from '../advice/tunnel-advice.ts';
import { commentLines } from '../advice/wrap-text.ts';
import type { Tunnel } from './tunnel.ts';

/** The comment at the head of the main file: what it is, what it needs, what to know. */
export function describeTunnel(tunnel: Tunnel, target: string, how: readonly string[]): string[] {
  return commentLines([...summary(tunnel, target), ...how, ...tunnelAdvice(tunnel)]);
}

/** The comment at the head of a file beside the main one. */
export function describeBeside(tunnel: Tunnel, what: string, how: readonly string[]): string[] {
  return commentLines([
    `${what} of the ${tunnel.kind} tunnel ${tunnel.name}. Made by "sixgate generate ${tunnel.kind}".`,
    ...how,
  ]);
}

function summary(tunnel: Tunnel, target: string): string[] {
  const { kind, local, remote, publicIpv4, behindNat, prefix, lans, spare } = tunnel;
  const outer =
    `Outer packets go from ${formatIpv4(local)}` +
    (behindNat
      ? ` (the gateway makes it ${publicIpv4 === undefined ? 'its own address' : formatIpv4(publicIpv4)})`
      : '') +
    (remote === undefined ? ' to whatever IPv4 address is in the destination.' : ` to ${formatIpv4(remote)}.`);
  const site =
    prefix === undefined
      ? []
      : [
          `The site is ${formatPrefix(prefix)}.` +
            lans.map((lan) => ` Subnet ${lan.id} is ${formatPrefix(lan.prefix)} on ${lan.interface}.`).join('') +
            (spare.length > 0 ? ` Free: ${spare.map(formatPrefix).join(', ')}.` : ''),
        ];
  return [
    `${kind} tunnel ${tunnel.name} with ${formatIpv6(tunnel.address)}. Made by "sixgate generate ${kind} --for ${target}"; make it ` +
      'anew when the IPv4 address changes.',
    ...(tunnel.example ? ['EXAMPLE: the addresses are for documentation (RFC 5737, RFC 3849) and work nowhere.'] : []),
    [outer, ...site].join(' '),
  ];
}
