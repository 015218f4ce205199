import { detourName } from '../../core/detour-name.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import { parseIpv6, type Ipv6Address } from '../../core/ipv6.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Detour, Link } from '../../engine/stateless.ts';
import type { Step } from '../../engine/step.ts';
import { reasonOf } from '../../core/printable.ts';

const aliasBeginning = 'sixgate:';

/**
 * The detour of an uplink. Name and index follow from the interface's name: rules and programs can name both before it is made.
 * Indexes that the kernel gives out count up from 1.
 */
export function deriveDetour(uplink: string): Detour {
  return {
    name: detourName(uplink),
    index: 0x4000_0000 + (parseInt(fingerprint(uplink), 16) & 0x3fff_ffff),
    uplink,
    ready: true,
  };
}

/** With details, since without them iproute2 leaves the alias out. */
export const listLinks = ['ip', '-j', '-d', 'addr', 'show'] as const;

/** Reads the output of `listLinks`. */
export function parseLinks(text: string): Read<readonly Link[]> {
  try {
    const links = (text.trim() === '' ? [] : JSON.parse(text)) as {
      ifname?: string;
      ifindex?: number;
      link_type?: string;
      flags?: string[];
      ifalias?: string;
      addr_info?: PrintedAddress[];
    }[];
    return {
      known: true,
      value: links.flatMap(({ ifname, ifindex, link_type, flags, ifalias, addr_info }) => {
        // iproute2 prints {} for what it leaves out.
        if (typeof ifname !== 'string' || typeof ifindex !== 'number') return [];
        const addresses = (addr_info ?? []).flatMap(readAddress);
        const sources = (addr_info ?? [])
          .filter(({ tentative, dadfailed }) => !tentative && !dadfailed)
          .toSorted((one, other) => Number(one.deprecated ?? false) - Number(other.deprecated ?? false))
          .flatMap(readAddress);
        const up = flags?.includes('UP') ?? false;
        const carrier = flags?.includes('LOWER_UP') ?? false;
        const header = link_type === 'ether' ? 14 : 0;
        return [
          {
            name: ifname,
            index: ifindex,
            header,
            up,
            carrier,
            alias: typeof ifalias === 'string' ? ifalias : null,
            addresses,
            sources,
          } as const,
        ];
      }),
    };
  } catch (error) {
    const why = reasonOf(error);
    return { known: false, why: `the output of ip was not understood: ${why}` };
  }
}

interface PrintedAddress {
  readonly family?: string;
  readonly local?: string;
  readonly tentative?: boolean;
  readonly dadfailed?: boolean;
  readonly deprecated?: boolean;
}

function readAddress({ family, local }: PrintedAddress): Ipv6Address[] {
  const address = family === 'inet6' && local !== undefined ? parseIpv6(local) : undefined;
  return address?.ok ? [address.value] : [];
}

/** The detours among these interfaces, by what we write into their alias, whatever others have named them since. */
export function findDetours(links: readonly Link[]): Detour[] {
  return links.flatMap(({ name, index, alias, up }) =>
    alias?.startsWith(aliasBeginning) ? [{ name, index, uplink: alias.slice(aliasBeginning.length), ready: up }] : [],
  );
}

/** Lines for `ip -batch -`. An ifb drops whatever no program takes out of it; its address is not that of an IPv6 packet's first byte. */
export function compileDetours(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.do === 'remove-detour') return [`link del ${step.name}`];
    if (step.do !== 'make-detour') return [];
    const { name, index, uplink } = step.detour;
    return [
      ...(step.isThere ? [] : [`link add ${name} index ${index} address 02:00:00:00:62:96 mtu 65535 type ifb`]),
      `link set ${name} alias ${aliasBeginning}${uplink} addrgenmode none`,
      `link set ${name} up`,
    ];
  });
}
