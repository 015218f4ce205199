import { guardTable } from '../backend/nft/guard-table.ts';
import { compileTable } from '../backend/nft/table.ts';
import type { Config } from '../engine/config.ts';
import type { Follower, Host } from '../host/host.ts';

export interface HeldGuard {
  /** The name that its table has, in the form of `nft list tables`. */
  readonly table: string;
  stop(): Promise<void>;
}

let serial = 0;

/**
 * A second copy of the guard in a table that only this process may change (`flags owner`, Linux 5.12): `nft flush
 * ruleset` by anybody else, which every reload of nftables.service does, passes it by. It stands until its `nft` ends,
 * and that ends with us, so the copy in `sixgate_guard` is what stays when we are gone.
 */
export function holdGuard(host: Host, config: Config, onLost: (how: string) => void): HeldGuard {
  const name = `sixgate_held_${serial++}`;
  const table = compileTable(guardTable(config, name));
  let stopping = false;
  const follower: Follower = host.processes.follow({
    argv: ['nft', '-i'],
    onLine: () => {},
    onEnd: (how) => {
      if (!stopping) onLost(how);
    },
  });
  // Read from its terminal, nft takes one line as one command; within a block ";" stands for a line's end.
  const definition = table.definition.replaceAll('\n', ';');
  follower.write(`table ${table.key} { flags owner; ${definition}; }\n`);
  return {
    table: table.key,
    stop() {
      stopping = true;
      return follower.stop();
    },
  };
}
