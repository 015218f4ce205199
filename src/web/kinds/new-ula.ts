import { formatPrefix } from '../../core/prefix.ts';
import { ulaPrefix } from '../../core/ula.ts';

/** A new /48 for the inside, from the browser's cryptographic generator. */
export function newUla(): string {
  return formatPrefix(ulaPrefix(crypto.getRandomValues(new Uint8Array(5))));
}
