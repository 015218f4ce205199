import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';

/** A DHCPv6 message has at most 64 KiB; written out, the old and the new one take up to twelve times as much. */
export const environmentLimit = 1024 * 1024;

/**
 * What dhcpcd says of one event, `NAME=VALUE` each ended by a NUL: so over its control socket as in the environment of
 * its script. `text` holds one character a byte. Only names that a client's variable can have are kept; a name that
 * stands twice refuses all of it, since two readers could take different ones of them.
 */
export function parseEnvironment(text: string, names = /^[a-z][a-z0-9_]{0,63}$/): Result<ReadonlyMap<string, string>> {
  if (text.length > environmentLimit) return fail(refused(`it has ${text.length} bytes`));
  const variables = new Map<string, string>();
  for (const line of text.split('\0')) {
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(equals, 0));
    if (!names.test(name)) continue;
    if (variables.has(name)) return fail(refused(`"${name}" stands in it twice`));
    variables.set(name, line.slice(equals + 1));
  }
  return succeed(variables);
}

function refused(why: string): Problem {
  return { code: 'report-refused', message: `a report of dhcpcd is refused: ${why}` };
}
