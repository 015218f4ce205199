import { detourTable } from '../backend/nft/detour-table.ts';
import type { GuardExceptions } from '../backend/nft/guard-rules.ts';
import { heldGuardTable } from '../backend/nft/held-guard-table.ts';
import { compileCommands } from '../backend/nft/table.ts';
import type { Config } from '../engine/config.ts';
import type { Follower, Host } from '../host/host.ts';

export interface HeldGuard {
  /** The name that its table has, in the form of `nft list tables`. */
  readonly table: string;
  /** True once it stands, false where its process ended before that; pending for as long as neither is known. */
  readonly stands: Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * A second copy of the guard in a table that only this process may change (`flags owner`, Linux 5.12): `nft flush
 * ruleset` by anybody else, which every reload of nftables.service does, passes it by. It stands until its `nft` ends,
 * and that ends with us, so the copy in `sixgate_guard` is what stays when we are gone. Two copies stand for a moment when one
 * takes the place of the other: `serial` tells their names apart.
 */
export function holdGuard(
  host: Host,
  config: Config,
  exceptions: GuardExceptions,
  serial: number,
  onLost: (how: string) => void,
): HeldGuard {
  const name = `sixgate_held_${serial}`;
  let stopping = false;
  let settle = (_stands: boolean): void => {};
  const stands = new Promise<boolean>((resolve) => (settle = resolve));
  const follower: Follower = host.processes.follow({
    argv: ['nft', '-i'],
    // Where its input ends with us it would add all this to the history of root's own `nft -i`.
    env: { HOME: '/nonexistent' },
    onLine: (line) => {
      if (line === `table inet ${name}`) settle(true);
    },
    onEnd: (how) => {
      settle(false);
      if (!stopping) onLost(how);
    },
  });
  // It answers each line when it is done with it.
  follower.write(`${compileHeld(config, exceptions, name)}list tables inet\n`);
  return {
    table: `inet ${name}`,
    stands,
    stop() {
      stopping = true;
      return follower.stop();
    },
  };
}

/** The lines that make a table of this name. */
export function compileHeld(config: Config, exceptions: GuardExceptions, name: string): string {
  const { detours = [] } = exceptions;
  const table = heldGuardTable(config, exceptions, name);
  // The way into the detours first: what the guard lets pass has to find it.
  const tables = [...(detours.length > 0 ? [detourTable(config, detours, name)] : []), table];
  return `${tables.flatMap((each) => compileCommands(each, 'owner')).join('\n')}\n`;
}
