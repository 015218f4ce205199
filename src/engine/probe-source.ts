import type { Ipv6Address } from '../core/ipv6.ts';
import { contains } from '../core/prefix.ts';
import type { Config, Uplink } from './config.ts';
import type { Link } from './stateless.ts';
import type { UplinkLink } from './uplink-link.ts';

/**
 * The address that an echo request leaves an uplink with: one of the uplink itself, else one that this router has in a network which is
 * translated there. Undefined where there is none: an address of anywhere else would not come back.
 */
export function chooseProbeSource(
  { networks, translations }: Config,
  uplink: Uplink,
  link: UplinkLink,
  links: readonly Link[],
): Ipv6Address | undefined {
  const own = link.sources.find((address) => !networks.some(({ prefix }) => contains(prefix, address)));
  if (own !== undefined) return own;
  const translated = translations
    .filter((each) => each.uplink.name === uplink.name)
    .map(({ network }) => network.prefix);
  return links
    .flatMap(({ sources }) => sources)
    .find((address) => translated.some((prefix) => contains(prefix, address)));
}
