import { parseIpv4 } from '../../core/ipv4.ts';
import { parseIpv6 } from '../../core/ipv6.ts';
import type { InterfaceAddress, InterfaceFact } from '../../engine/doctor/host-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** Interfaces and their addresses, as `ip` arguments that print them as JSON. */
export const listInterfaces = ['ip', '-j', 'address', 'show'] as const;

interface Link {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly addr_info: readonly {
    readonly family?: string;
    readonly local?: string;
    readonly prefixlen?: number;
    readonly scope?: string;
    readonly dadfailed?: boolean;
  }[];
}

/** Reads the output of `listInterfaces`. */
export function parseInterfaces(text: string): Read<readonly InterfaceFact[]> {
  try {
    // iproute2 prints an empty object for what a filter leaves out.
    const links = (JSON.parse(text) as Partial<Link>[]).filter((link): link is Link => link.ifname !== undefined);
    return { known: true, value: links.map(readLink) };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}

function readLink({ ifname, flags, mtu, addr_info: addresses }: Link): InterfaceFact {
  return {
    name: ifname,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER'),
    mtu,
    ipv4: addresses.flatMap(({ family, local, scope }) => {
      if (family !== 'inet' || scope !== 'global' || local === undefined) return [];
      const address = parseIpv4(local);
      if (!address.ok) throw new Error(address.problem.message);
      return [address.value];
    }),
    addresses: addresses.flatMap(({ family, local, prefixlen, dadfailed }): InterfaceAddress[] => {
      if (family !== 'inet6' || local === undefined || prefixlen === undefined) return [];
      const address = parseIpv6(local);
      if (!address.ok) throw new Error(address.problem.message);
      return [{ address: address.value, length: prefixlen, duplicate: dadfailed === true }];
    }),
  };
}
