import { printable } from './printable.ts';

/** Foreign text for a message: in quotes, at most 64 characters of it, nothing that could steer a terminal or a log. */
export function quote(text: string): string {
  return `"${printable(text, 64)}"`;
}
