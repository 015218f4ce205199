import type { Ipv4Address } from '../../../core/ipv4.ts';
import type { Ipv6Address } from '../../../core/ipv6.ts';
import { ipv4OfSixToFour } from '../../../core/sixtofour.ts';
import type { Read } from '../../kernel-state.ts';
import { unknown, type Finding } from '../finding.ts';
import type { HostFacts, InterfaceAddress, InterfaceFact } from '../host-facts.ts';
import type { TunnelFact, TunnelLink } from './tunnel-facts.ts';

/** A tunnel with what the rest of the machine says about it. */
export interface SeenTunnel {
  readonly tunnel: TunnelFact;
  readonly kind: TunnelKind;
  /** On the tunnel, without those that the kernel or a tool puts there: link-local and ::LOCAL/96. */
  readonly addresses: readonly InterfaceAddress[];
  /** On other interfaces, the loopback too. */
  readonly elsewhere: readonly { readonly interface: string; readonly address: Ipv6Address }[];
  /** The global IPv4 addresses of this host. */
  readonly own: readonly Ipv4Address[];
  /** The interface that has `local`. */
  readonly carrier?: InterfaceFact;
}

type TunnelKind = '6to4' | '6rd' | '6in4';

export function kindOf({ remote, sixRd: { prefix } }: TunnelLink): TunnelKind {
  if (remote !== undefined) return '6in4';
  return ipv4OfSixToFour(prefix.address) !== undefined && prefix.length === 16 ? '6to4' : '6rd';
}

/** sit0 comes with the kernel's module: it counts from when somebody gave it an address. Unreadable interfaces hide it. */
export function isInUse({ name, up }: TunnelLink, interfaces: Read<readonly InterfaceFact[]>): boolean {
  if (name !== 'sit0') return true;
  return up && interfaces.known && interfaces.value.some((each) => each.name === name && addressesOf(each).length > 0);
}

/** Asks for each tunnel that is up; one that is down is told of once. */
export function eachTunnel(
  id: string,
  { tunnelling, interfaces }: HostFacts,
  judge: (seen: SeenTunnel, id: string) => Finding | readonly Finding[],
): Finding[] {
  return tunnelling.tunnels
    .filter(({ up }) => up)
    .flatMap((tunnel) => {
      const ownId = `${id}:${tunnel.name}`;
      if (!interfaces.known) return [unknown(ownId, 'the addresses of this host', interfaces.why)];
      return judge(see(tunnel, interfaces.value), ownId);
    });
}

function see(tunnel: TunnelFact, interfaces: readonly InterfaceFact[]): SeenTunnel {
  const { local } = tunnel;
  const itself = interfaces.find(({ name }) => name === tunnel.name);
  const others = interfaces.filter(({ name }) => name !== tunnel.name);
  const carrier = local === undefined ? undefined : others.find(({ ipv4 }) => ipv4.includes(local));
  return {
    tunnel,
    kind: kindOf(tunnel),
    addresses: itself ? addressesOf(itself) : [],
    elsewhere: others.flatMap((each) => addressesOf(each).map(({ address }) => ({ interface: each.name, address }))),
    own: others.flatMap(({ ipv4 }) => ipv4),
    ...(carrier && { carrier }),
  };
}

function addressesOf({ addresses }: InterfaceFact): InterfaceAddress[] {
  return addresses.filter(({ address }) => address >> 32n !== 0n && address >> 118n !== 0x3fan);
}
