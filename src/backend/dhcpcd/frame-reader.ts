import { environmentLimit } from './parse-environment.ts';

/**
 * Cuts the stream of dhcpcd's control socket (`--listen`) into environments: each comes behind its length, a `size_t` in
 * the order of the machine's bytes. `push` takes bytes as they come and gives what they complete, or undefined where the
 * stream is not one of dhcpcd and must be given up.
 */
export function createFrameReader(
  wordBytes: 4 | 8,
  littleEndian: boolean,
): {
  push(bytes: Uint8Array): Uint8Array[] | undefined;
} {
  let kept = new Uint8Array(0);
  return {
    push(bytes) {
      const all = new Uint8Array(kept.length + bytes.length);
      all.set(kept);
      all.set(bytes, kept.length);
      const frames: Uint8Array[] = [];
      let at = 0;
      while (all.length - at >= wordBytes) {
        const length = readWord(all.subarray(at, at + wordBytes), littleEndian);
        if (length === 0 || length > environmentLimit) return undefined;
        if (all.length - at - wordBytes < length) break;
        frames.push(all.slice(at + wordBytes, at + wordBytes + length));
        at += wordBytes + length;
      }
      kept = all.slice(at);
      return frames;
    },
  };
}

/** As a number: everything above 2^53 is far over the limit, whatever it is rounded to. */
function readWord(word: Uint8Array, littleEndian: boolean): number {
  const bytes = littleEndian ? word.toReversed() : word;
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
