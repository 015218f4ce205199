import { detourTable } from '../backend/nft/detour-table.ts';
import { guardTable, type NativePrefix } from '../backend/nft/guard-table.ts';
import { compileCommands } from '../backend/nft/table.ts';
import type { Config } from '../engine/config.ts';
import type { Detour } from '../engine/stateless.ts';
import type { Follower, Host } from '../host/host.ts';

export interface HeldGuard {
  /** The name that its table has, in the form of `nft list tables`. */
  readonly table: string;
  stop(): Promise<void>;
}

/** What it lets out with inside addresses: into detours, and as it is. */
export interface HeldExceptions {
  readonly detours?: readonly Detour[];
  readonly natives?: readonly NativePrefix[];
}

/** Two copies stand for a moment when one takes the place of the other, so two names do. */
let serial = 0;

/**
 * A second copy of the guard in a table that only this process may change (`flags owner`, Linux 5.12): `nft flush
 * ruleset` by anybody else, which every reload of nftables.service does, passes it by. It stands until its `nft` ends,
 * and that ends with us, so the copy in `sixgate_guard` is what stays when we are gone.
 */
export function holdGuard(
  host: Host,
  config: Config,
  { detours = [], natives = [] }: HeldExceptions,
  onLost: (how: string) => void,
): HeldGuard {
  const name = `sixgate_held_${serial}`;
  serial = 1 - serial;
  const table = guardTable(config, detours, name, { natives });
  // The way into the detours first: what the guard lets pass has to find it.
  const tables = [...(detours.length > 0 ? [detourTable(config, detours, name)] : []), table];
  let stopping = false;
  const follower: Follower = host.processes.follow({
    argv: ['nft', '-i'],
    onLine: () => {},
    onEnd: (how) => {
      if (!stopping) onLost(how);
    },
  });
  follower.write(`${tables.flatMap((each) => compileCommands(each, 'owner')).join('\n')}\n`);
  return {
    table: `${table.family} ${table.name}`,
    stop() {
      stopping = true;
      return follower.stop();
    },
  };
}
