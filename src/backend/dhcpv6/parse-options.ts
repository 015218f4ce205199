import { readUint } from '../../core/bytes.ts';

/** One option (RFC 9915 section 21.1): a code and its data, which are a view into the message. */
export interface RawOption {
  readonly code: number;
  readonly data: Uint8Array;
  /** Where the data begin. */
  readonly at: number;
}

/** Splits a range of bytes into options; undefined where one goes over the end. */
export function parseOptions(bytes: Uint8Array, from = 0): RawOption[] | undefined {
  const options: RawOption[] = [];
  let at = from;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + readUint(bytes, at + 2, 2);
    if (end > bytes.length) return undefined;
    options.push({ code: readUint(bytes, at, 2), data: bytes.subarray(at + 4, end), at: at + 4 });
    at = end;
  }
  return options;
}
