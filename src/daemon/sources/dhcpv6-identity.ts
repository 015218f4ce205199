import { duidOfMac, parseDuid, randomDuid, timedDuid, type Duid } from '../../core/duid.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { OwnClientSource } from '../../engine/config.ts';
import type { Host } from '../../host/host.ts';
import type { Log } from '../log.ts';
import { duidPath, type Paths } from '../paths.ts';

export interface IdentityOptions {
  readonly host: Host;
  readonly paths: Paths;
  readonly interface: string;
  /** Of the interface, where it has one. */
  readonly mac?: bigint;
  /** Random bytes. */
  random(length: number): Uint8Array;
  readonly log: Log;
}

/** The stored DUID is read and made by one at a time: two uplinks that start together are one client. */
let storing: Promise<unknown> = Promise.resolve();

/**
 * Who the client is to its server: what the configuration says; without storage the DUID-LL of the interface (RFC 9915
 * section 11.4); else what is stored, which is made once, and stays when the interface is replaced (section 11). Where
 * it can't be stored, the DUID-LL does: it is the same at the next start.
 */
export async function readIdentity(
  { duid, stateless }: OwnClientSource,
  options: IdentityOptions,
): Promise<Result<Duid>> {
  if (duid !== undefined) return succeed(duid);
  if (!stateless) {
    const stored = storing.then(() => readStored(options));
    storing = stored;
    return succeed(await stored);
  }
  if (options.mac !== undefined) return succeed(duidOfMac(options.mac));
  return fail({
    code: 'client-missing',
    message: `${options.interface} has no MAC address, so there is no identity for a stateless client`,
    mend: 'Write "duid:" with one, the same on every machine that may have this line.',
  });
}

async function readStored(options: IdentityOptions): Promise<Duid> {
  const { host, paths, mac, log } = options;
  const path = duidPath(paths);
  const text = await host.files.read(path);
  const stored = text.ok && text.value !== undefined ? parseDuid(text.value.trim()) : undefined;
  if (stored?.ok) return stored.value;
  if (stored) log.warn(`${path} is not used: ${stored.problem.message}`);
  const made = mac === undefined ? randomDuid(options.random(16)) : timedDuid(mac, host.clock.now());
  const written = text.ok ? await host.files.write(path, `${made}\n`) : text;
  if (written.ok) return made;
  log.warn(`${written.problem.message}; the DHCPv6 client is told from others by its interface`);
  return mac === undefined ? made : duidOfMac(mac);
}
