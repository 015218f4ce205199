/** Six bytes as an unsigned 48-bit number, in lower case with colons: `00:16:3e:12:34:56`. */
export function formatMac(mac: bigint): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?=.)/g, '$&:');
}

/** The MAC address in a modified EUI-64 (RFC 4291 appendix A), undefined where `ff:fe` is not in the middle. */
export function macOfInterfaceId(interfaceId: bigint): bigint | undefined {
  if (((interfaceId >> 24n) & 0xffffn) !== 0xfffen) return undefined;
  const universalBit = 1n << 41n;
  return (((interfaceId >> 40n) << 24n) | (interfaceId & 0xffffffn)) ^ universalBit;
}
