import { readFileSync } from 'node:fs';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Processes } from './host.ts';

/** What this process may do that others may not. */
export interface Privileges {
  readonly root: boolean;
  /** As in capabilities(7), of the effective and the permitted set together. */
  readonly capabilities: bigint;
}

/** CAP_NET_BIND_SERVICE: to listen on a port below 1024. It changes nothing. */
export const bindCapability = 1n << 10n;

export function readPrivileges(): Privileges {
  const status = readFileSync('/proc/self/status', 'utf8');
  const set = (name: string): bigint => BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(status)?.[1] ?? '0'}`);
  return { root: process.geteuid?.() === 0, capabilities: set('CapEff') | set('CapPrm') };
}

/**
 * Becomes this user for good, with its group alone: after that there is no way back and no capability is left. What was
 * opened stays open.
 */
export async function becomeUser(name: string, processes: Processes): Promise<Result<void>> {
  const found = await processes.run({ argv: ['getent', 'passwd', '--', name] });
  if (!found.ok) return found;
  const [, , uid = '', gid = ''] = found.value.stdout.split(':');
  if (found.value.code !== 0 || !/^[0-9]+$/.test(uid) || !/^[0-9]+$/.test(gid)) {
    return fail({
      code: 'not-permitted',
      message: `there is no user ${quote(name)}`,
      mend: 'Name another: --user NAME.',
    });
  }
  if (Number(uid) === 0) {
    return fail({
      code: 'not-permitted',
      message: `the user ${quote(name)} is root`,
      mend: 'Name another: --user NAME.',
    });
  }
  try {
    process.setgroups!([Number(gid)]);
    process.setgid!(Number(gid));
    process.setuid!(Number(uid));
  } catch (error) {
    return fail({ code: 'not-permitted', message: `cannot become the user ${quote(name)}: ${String(error)}` });
  }
  const left = readPrivileges();
  if (!left.root && left.capabilities === 0n) return succeed(undefined);
  return fail({ code: 'not-permitted', message: `privileges are left after becoming the user ${quote(name)}` });
}
