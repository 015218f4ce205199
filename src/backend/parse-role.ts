import type { Instant } from '../core/instant.ts';
import type { Role } from '../engine/role.ts';

/**
 * Reads what the script of `sixgate generate failover` wrote: a word, and since when in seconds after boot. `booted`: when
 * this machine did. Undefined where it is something else.
 */
export function parseRole(text: string, booted: Instant): Role | undefined {
  const [, is, uptime] = /^(active|passive|fault) ([0-9]{1,10}(?:\.[0-9]{1,3})?)\n?$/.exec(text) ?? [];
  if (is === undefined) return undefined;
  return { is: is as Role['is'], since: booted + Math.round(Number(uptime) * 1000) };
}
