import { join } from 'node:path';
import { environmentLimit } from '../../backend/dhcpcd/parse-environment.ts';
import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/host.ts';
import { readSpoolFile } from '../../host/spool-file.ts';
import { readUptime } from '../read-uptime.ts';
import { watchPath } from '../watch-path.ts';

export interface EventDirectoryOptions {
  readonly host: Host;
  readonly directory: string;
  /** One event's environment and how many seconds ago the hook wrote it. */
  onEnvironment(text: string, age: number): void;
  onRefused(problem: Problem): void;
  /** Resolves once all that was told so far is on the disk: until then the files stay, for the run after this one. */
  kept(): Promise<void>;
}

export interface EventDirectory {
  /** Resolves when what lay there before the start has been read. */
  readonly started: Promise<void>;
  stop(): void;
}

/** As the hook names them: hundredths of seconds since boot, then its process ID. Their order is that of the events. */
const eventName = /^([0-9]{12})-[0-9]{10}$/;
/** A file under its temporary name that is older was left by a hook that was killed. */
const abandoned = 60;

/**
 * Reads what the dhcpcd hook leaves, in order, and removes it once it is kept elsewhere. Time is told by the machine's uptime, in the files' names
 * and here: the wall clock of a router without a battery jumps at boot.
 */
export function startEventDirectory(options: EventDirectoryOptions): EventDirectory {
  const { host, directory } = options;
  /** What could not be removed, so that it is told once. */
  const stuck = new Set<string>();
  /** What was told and is still there. */
  const told = new Set<string>();
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;

  async function pass(): Promise<void> {
    const names = await host.files.list(directory);
    if (!names.ok || names.value.length === 0) return;
    const uptime = await readUptime(host);
    const fresh: string[] = [];
    for (const name of names.value.toSorted()) {
      if (stopped) return;
      if (!stuck.has(name) && !told.has(name) && (await take(name, uptime))) fresh.push(name);
    }
    if (fresh.length > 0) void options.kept().then(() => clear(fresh));
  }

  async function clear(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await remove(name, join(directory, name));
      told.delete(name);
    }
  }

  /** Whether it was told; what is none of ours is removed at once. */
  async function take(name: string, uptime: number): Promise<boolean> {
    const path = join(directory, name);
    const written = eventName.exec(name.replace(/^\./, ''))?.[1];
    const age = Math.max(0, uptime - Number(written ?? 0) / 100);
    if (name.startsWith('.')) {
      if (age > abandoned) await remove(name, path);
      return false;
    }
    const text = written
      ? await readSpoolFile(path, environmentLimit)
      : { ok: false as const, problem: notOurs(directory, name) };
    if (text.ok && text.value !== undefined) {
      told.add(name);
      options.onEnvironment(text.value, age);
      return true;
    }
    await remove(name, path);
    if (!text.ok) options.onRefused(text.problem);
    return false;
  }

  async function remove(name: string, path: string): Promise<void> {
    const removed = await host.files.remove(path);
    if (!removed.ok && stuck.size < 1000) stuck.add(name);
  }

  function wake(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = pass().finally(() => {
      running = undefined;
      if (again && !stopped) {
        again = false;
        void wake();
      }
    });
    return running;
  }

  let watch: { stop(): void } | undefined;
  const started = host.files.makeDirectory(directory, 0o700).then(async (made) => {
    if (!made.ok) options.onRefused(made.problem);
    if (stopped) return;
    // First the watch, then the look: what comes in between is seen twice rather than never.
    watch = watchPath(host, directory, (name) => {
      if (!name.startsWith('.')) void wake();
    });
    await wake();
  });
  return {
    started,
    stop() {
      stopped = true;
      watch?.stop();
    },
  };
}

function notOurs(directory: string, name: string): Problem {
  return { code: 'report-refused', message: `${directory} holds ${quote(name)}, which the hook did not write` };
}
