/**
 * What the provider's edge hands out at one time: a /56, as after one dial-in. Its first /64 is the WAN link, its upper
 * half the pool that prefixes are delegated from. Sites are numbered from 1 and never overlap.
 */
export interface Site {
  readonly number: number;
  /** The /56. */
  readonly prefix: string;
  readonly wanLink: string;
  /** The edge's own address on the WAN link. */
  readonly edgeAddress: string;
  /** Length /57. */
  readonly pool: string;
  /** The pool's address without its length. */
  readonly poolAddress: string;
}

/** Site 1 is 2001:db8:a:aa00::/56, 2 is 2001:db8:b:bb00::/56 and so on. */
export function siteOf(number: number): Site {
  if (!Number.isInteger(number) || number < 1 || number > 60_000) throw new RangeError(`site ${number}`);
  const group = number + 9;
  const top = ((group * 0x11) & 0xff || 0xff).toString(16);
  const base = `2001:db8:${group.toString(16)}:${top}`;
  return {
    number,
    prefix: `${base}00::/56`,
    wanLink: `${base}00::/64`,
    edgeAddress: `${base}00::1`,
    pool: `${base}80::/57`,
    poolAddress: `${base}80::`,
  };
}

/** True for an address or prefix, in canonical text, that lies in the site's /56. */
export function isOfSite(site: Site, text: string): boolean {
  return text.startsWith(site.prefix.slice(0, -'00::/56'.length));
}
