import { basename, dirname } from 'node:path';
import type { Host } from '../host/host.ts';

/** When everything is looked at again where not even the root can be watched (no inotify watches are left). */
const retry = 30_000;
/** A directory may come between the look for it and the watch on the one above. */
const settle = 20;

/**
 * Watches the names in a directory that may not be there yet, or may be made anew: as long as it is missing, the next
 * one above it that is there is watched for it. Calls back with the name, and with '' where anything may have changed.
 */
export function watchPath(host: Host, directory: string, onChange: (name: string) => void): { stop(): void } {
  let stopped = false;
  let armed = '';
  let end = (): void => {};
  let cancel = (): void => {};

  function arm(): void {
    end();
    cancel();
    end = cancel = () => {};
    armed = '';
    if (stopped) return;
    for (let at = directory, below = ''; armed === ''; below = basename(at), at = dirname(at)) {
      const watched = host.files.watchDirectory(at, (name) => onEvent(at, below, name));
      if (watched.ok) {
        armed = at;
        end = watched.value;
      } else if (dirname(at) === at) break;
    }
    if (armed === '') cancel = host.clock.after(retry, rearm);
  }

  function onEvent(at: string, below: string, name: string): void {
    if (at === directory) {
      // A directory that was removed says so with its own name, and the watch is over.
      if (name === basename(directory) || name === '') cancel = host.clock.after(settle, rearm);
      onChange(name);
    } else if (name === below || name === basename(at) || name === '') {
      rearm();
    }
  }

  /** Goes down for as long as each look finds a nearer one; then events alone bring it on. */
  function settleDown(): void {
    if (armed === '' || armed === directory) return;
    cancel = host.clock.after(settle, () => {
      const before = armed;
      arm();
      if (armed === directory) onChange('');
      else if (armed !== before) settleDown();
    });
  }

  function rearm(): void {
    arm();
    if (armed === directory) onChange('');
    settleDown();
  }

  arm();
  settleDown();
  return {
    stop() {
      stopped = true;
      end();
      cancel();
    },
  };
}
