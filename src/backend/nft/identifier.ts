/** A name for something of an uplink. Names may have "-", which nft's identifiers may not; "." is free for it, since names have none. */
export function identifier(kind: string, uplink: string): string {
  return `${kind}_${uplink.replaceAll('-', '.')}`;
}
