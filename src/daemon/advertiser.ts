import { compileRadvd } from '../backend/radvd/compile-radvd.ts';
import { deriveAdvertisements } from '../engine/advertisements.ts';
import type { Desired } from '../engine/desired.ts';
import type { Host } from '../host/host.ts';
import { lockedPids } from './locked-pids.ts';
import type { Log } from './log.ts';
import { radvdConfigPath, type Paths } from './paths.ts';

/** Where radvd says its process ID: Debian's unit, and its compiled default. */
const pidFiles = ['/run/radvd.pid', '/run/radvd/radvd.pid'];

export interface Advertiser {
  /** Makes radvd's configuration say what holds now. */
  follow(desired: Desired): Promise<void>;
}

/**
 * Keeps the configuration of a radvd that somebody else runs (`sixgate generate lan` writes its unit): hosts are to take this
 * router for a way to the Internet only while it is one. When the daemon ends the file stays, as the rules do.
 */
export function createAdvertiser(host: Host, paths: Paths, log: Log): Advertiser {
  const path = radvdConfigPath(paths);
  /** Null: not looked yet. */
  let last: string | undefined | null = null;
  return {
    async follow({ config, mappings }) {
      const advertisements = deriveAdvertisements(config, mappings);
      const wanted = advertisements.length > 0 ? compileRadvd(advertisements) : undefined;
      if (wanted === last) return;
      const there = await host.files.read(path);
      if (wanted === undefined) {
        // Nothing is advertised any longer: radvd would keep saying what it was told last.
        if (there.ok && there.value !== undefined) await host.files.remove(path);
      } else if (!there.ok || there.value !== wanted) {
        const written = await host.files.write(path, wanted);
        if (!written.ok) return log.warn(written.problem.message);
        for (const pid of await lockedPids(host, pidFiles)) host.processes.signal(pid, 'SIGHUP');
        const routers = advertisements.filter(({ defaultRouter }) => defaultRouter).map((each) => each.interface);
        log.info(
          `router advertisements: ${routers.length > 0 ? `default router on ${routers.join(', ')}` : 'no default router'}`,
        );
      }
      last = wanted;
    },
  };
}
