import { basename, dirname } from 'node:path';
import type { Host } from '../../host/host.ts';

/** How long a directory that cannot be watched, nor the one above it, is left alone. */
const retry = 30_000;

/**
 * Watches the names in a directory that may not be there yet, or may be made anew: as long as it is missing, the one
 * above it is watched for it. Calls back with the name, and with '' where anything may have changed.
 */
export function watchPath(host: Host, directory: string, onChange: (name: string) => void): { stop(): void } {
  let stopped = false;
  let end = (): void => {};
  let own = false;

  function arm(): void {
    end();
    if (stopped) return;
    const watched = host.files.watchDirectory(directory, (name) => {
      // A directory that was removed says so with its own name, and the watch is over.
      if (name === basename(directory) || name === '') host.clock.after(10, rearm);
      onChange(name);
    });
    own = watched.ok;
    if (watched.ok) {
      end = watched.value;
      return;
    }
    const above = host.files.watchDirectory(dirname(directory), (name) => {
      if (name === basename(directory) || name === '') rearm();
    });
    end = above.ok ? above.value : host.clock.after(retry, rearm);
  }

  function rearm(): void {
    if (stopped) return;
    arm();
    if (own) onChange('');
  }

  arm();
  return {
    stop() {
      stopped = true;
      end();
    },
  };
}
