import { parseRole } from '../backend/parse-role.ts';
import type { Config } from '../engine/config.ts';
import type { Role } from '../engine/role.ts';
import type { Host } from '../host/host.ts';
import { failoverPath, type Paths } from './paths.ts';
import { readUptime } from './read-uptime.ts';
import { watchPath } from './watch-path.ts';

/** Knows which one of two routers this is, from the file that the script of keepalived writes. */
export interface RoleKeeper {
  /** Undefined for a router without a twin. */
  readonly role: Role | undefined;
  /** Reads the file anew, for whoever cannot wait until its change is told. */
  look(): Promise<void>;
  /** Reads the file anew, for another configuration. */
  reload(config: Config): Promise<void>;
  stop(): void;
}

/** What is not there yet, or cannot be read, is a passive one: two active ones are worse than none. */
const unsaid: Role = { is: 'passive' };

export async function readRole(host: Host, paths: Paths, config: Config): Promise<Role | undefined> {
  return config.failover ? ((await readSaid(host, paths))?.role ?? unsaid) : undefined;
}

export async function keepRole(host: Host, paths: Paths, config: Config, onChange: () => void): Promise<RoleKeeper> {
  let hasTwin = config.failover !== undefined;
  let said = hasTwin ? await readSaid(host, paths) : undefined;

  async function look(): Promise<void> {
    if (!hasTwin) return;
    // While it cannot be read, what was said last holds.
    const next = await readSaid(host, paths);
    if (!next || next.text === said?.text) return;
    said = next;
    onChange();
  }
  const watch = watchPath(host, paths.runtimeDir, (name) => {
    if (name === 'failover' || name === '') void look();
  });
  return {
    get role() {
      return hasTwin ? (said?.role ?? unsaid) : undefined;
    },
    look,
    async reload(next) {
      hasTwin = next.failover !== undefined;
      said = hasTwin ? await readSaid(host, paths) : undefined;
    },
    stop: () => watch.stop(),
  };
}

async function readSaid(host: Host, paths: Paths): Promise<{ text: string; role: Role } | undefined> {
  const text = await host.files.read(failoverPath(paths));
  if (!text.ok || text.value === undefined) return undefined;
  const role = parseRole(text.value, host.clock.now() - (await readUptime(host)) * 1000);
  return role && { text: text.value, role };
}
