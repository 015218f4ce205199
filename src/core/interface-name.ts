import { quote } from './quote.ts';
import { fail, succeed, type Result } from './result.ts';

declare const brand: unique symbol;

/** A network interface name that Linux takes and that means only itself wherever it is written. */
export type InterfaceName = string & { readonly [brand]: 'interface-name' };

/**
 * Reads an interface name by the rules of the kernel's `dev_valid_name` (1 to 15 bytes, not "." or "..", no "/", ":" or
 * blank; "%" asks for a number), less what a firewall would read as a wildcard, a negation or a quote, and what means something
 * to a shell, to radvd.conf, to `ip -batch` or to networkd: the name stands as it is in files and lines for all of them.
 */
export function parseInterfaceName(text: string): Result<InterfaceName> {
  const wrong = fault(text);
  if (wrong === undefined) return succeed(text as InterfaceName);
  return fail({
    code: 'interface-name',
    message: `${quote(text)} is not an interface name: ${wrong}`,
    mend: 'Write the name as "ip -br link" shows it, without what stands behind an "@".',
  });
}

function fault(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (text === '.' || text === '..') return 'Linux refuses "." and ".."';
  const blank = /\s/.exec(text);
  if (blank) return `Linux takes no blanks (character ${blank.index + 1})`;
  const strange = /[^!-~]/.exec(text);
  if (strange) return `character ${strange.index + 1} is not a printable ASCII character`;
  const refused = /[/:%]/.exec(text);
  if (refused) return `Linux takes no "${refused[0]}" (character ${refused.index + 1})`;
  const wildcard = /[*+!"\\]/.exec(text);
  if (wildcard) return `a firewall would misread "${wildcard[0]}" (character ${wildcard.index + 1})`;
  const meaning = /[^A-Za-z0-9._@-]|^-/.exec(text);
  if (meaning) return `commands and configuration files would misread "${meaning[0]}" (character ${meaning.index + 1})`;
  if (text.length > 15) return `it has ${text.length} characters, Linux takes at most 15`;
  return undefined;
}
