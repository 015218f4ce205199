import { parseIpv4, type Ipv4Address } from '../../core/ipv4.ts';
import type { Read } from '../../engine/kernel-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** Reads `ip -4 -j address show dev IFACE`: the global addresses of an interface, in the kernel's order. */
export function parseIpv4Addresses(text: string): Read<readonly Ipv4Address[]> {
  try {
    const links = JSON.parse(text) as { addr_info?: { local?: string; scope?: string }[] }[];
    const found = links.flatMap(({ addr_info = [] }) => addr_info.filter(({ scope }) => scope === 'global'));
    const addresses = found.map(({ local = '' }) => {
      const read = parseIpv4(local);
      if (!read.ok) throw new Error(read.problem.message);
      return read.value;
    });
    return { known: true, value: addresses };
  } catch (error) {
    return {
      known: false,
      why: `the output of ip was not understood: ${reasonOf(error)}`,
    };
  }
}
