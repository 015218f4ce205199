/** FNV-1a of 32 bits over the UTF-16 units, as eight hexadecimal digits: tells texts apart, keeps no secret. */
export function fingerprint(text: string): string {
  let hash = offsetBasis;
  for (let index = 0; index < text.length; index++) hash = mix(hash, text.charCodeAt(index));
  return format(hash);
}

/** The same over bytes. */
export function fingerprintBytes(bytes: Uint8Array): string {
  return format(bytes.reduce(mix, offsetBasis));
}

const offsetBasis = 0x811c9dc5;

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

function format(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
