import { formatIpv6 } from '../core/ipv6.ts';
import { formatPrefix } from '../core/prefix.ts';
import { formatGuestKey } from '../engine/xen/match-guest.ts';
import type { GuestKey, XenConfig } from '../engine/xen/xen-config.ts';

/** The part of a Xen host as plain values, in the words of the file. */
export interface XenDescription {
  readonly policy: string;
  readonly unlisted: string;
  readonly uplink: string | null;
  readonly address: string | null;
  readonly dns: readonly string[];
  readonly guests: readonly {
    readonly by: GuestKey['by'];
    readonly key: string;
    readonly vifs: readonly {
      readonly device: number;
      readonly prefixes: readonly string[];
      readonly addresses: readonly string[];
      readonly gateway: string;
      readonly routed: readonly string[];
      readonly via: string | null;
      readonly proxyNdp: boolean;
      readonly advertise: boolean;
      readonly antiSpoof: boolean;
    }[];
  }[];
}

export function describeXen({ policy, unlisted, uplink, address, dns, guests }: XenConfig): XenDescription {
  return {
    policy,
    unlisted,
    uplink: uplink ?? null,
    address: address === undefined ? null : formatIpv6(address),
    dns: dns.map(formatIpv6),
    guests: guests.map(({ key, interfaces }) => ({
      by: key.by,
      key: formatGuestKey(key),
      vifs: interfaces.map((of) => ({
        device: of.device,
        prefixes: of.prefixes.map(formatPrefix),
        addresses: of.addresses.map(formatIpv6),
        gateway: formatIpv6(of.gateway),
        routed: of.routed.map(formatPrefix),
        via: of.via === undefined ? null : formatIpv6(of.via),
        proxyNdp: of.proxyNdp,
        advertise: of.advertise,
        antiSpoof: of.antiSpoof,
      })),
    })),
  };
}
