/** Bytes that a block has, for HMAC too. */
const blockLength = 64;

const rotations = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const sines = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));

/**
 * MD5 (RFC 1321), here because pure layers have no library for it and the key of Reconfigure messages knows nothing else
 * (RFC 9915 section 20.4). For nothing but that.
 */
export function md5(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / blockLength) * blockLength);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, message.length << 3, true);
  view.setUint32(padded.length - 4, Math.floor(message.length / 2 ** 29), true);

  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.length; block += blockLength) {
    let [a, b, c, d] = state as [number, number, number, number];
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const [mixed, word] = [
        () => [(b & c) | (~b & d), step],
        () => [(b & d) | (c & ~d), 5 * step + 1],
        () => [b ^ c ^ d, 3 * step + 5],
        () => [c ^ (b | ~d), 7 * step],
      ][round]!() as [number, number];
      const sum = (a + mixed + sines[step]! + view.getUint32(block + (word % 16) * 4, true)) | 0;
      const turn = rotations[round]![step % 4]!;
      [a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
    }
    for (const [index, word] of [a, b, c, d].entries()) state[index] = (state[index]! + word) | 0;
  }
  const digest = new Uint8Array(16);
  for (const [index, word] of state.entries()) new DataView(digest.buffer).setInt32(index * 4, word, true);
  return digest;
}

/** HMAC-MD5 (RFC 2104). */
export function hmacMd5(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > blockLength ? md5(key) : key;
  const keyed = (mask: number, rest: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(blockLength + rest.length).fill(mask, 0, blockLength);
    for (const [index, byte] of short.entries()) bytes[index] = byte ^ mask;
    bytes.set(rest, blockLength);
    return md5(bytes);
  };
  return keyed(0x5c, keyed(0x36, message));
}
