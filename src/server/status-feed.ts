import { join } from 'node:path';
import type { Result } from '../core/result.ts';
import type { Report } from '../engine/report.ts';
import { deriveStatus, noStatus, parseReport, type NoStatus, type Status } from '../engine/status.ts';
import type { Host } from '../host/host.ts';
import { repeat } from '../host/repeat.ts';

/** What the daemon told last, and word of every change of it. */
export interface StatusFeed {
  read(): Promise<Status | NoStatus>;
  /** Calls back soon and then after every change; returns what ends this. */
  subscribe(onChange: (status: Status | NoStatus) => void): () => void;
  stop(): void;
}

/** A change is heard of at once by the watch on the directory; this is for a daemon that is killed, or a new directory. */
const lookAgainEvery = 1000;

export function createStatusFeed(host: Host, runtimeDir: string): StatusFeed {
  const path = join(runtimeDir, 'state.json');
  /** Each with what it was told last. */
  const subscribers = new Map<(status: Status | NoStatus) => void, string>();
  let stopWatching: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let again = false;

  async function readReport(): Promise<Result<Report>> {
    const text = await host.files.read(path);
    return text.ok ? parseReport(text.value, path) : text;
  }
  async function read(): Promise<Status | NoStatus> {
    const report = await readReport();
    if (!report.ok) return noStatus(report.problem);
    const alive = host.processes.signal(report.value.daemon.pid, 0);
    return deriveStatus(report.value, alive, host.clock.now());
  }
  async function look(): Promise<void> {
    do {
      again = false;
      const status = await read();
      if (status.daemon === null) unwatch(); // the directory may be another one when the daemon comes back
      else watch();
      const comparable = JSON.stringify(withoutAge(status));
      for (const [subscriber, told] of subscribers) {
        if (told === comparable) continue;
        subscribers.set(subscriber, comparable);
        subscriber(status);
      }
    } while (again);
  }
  function lookSoon(): Promise<void> {
    again = true;
    looking ??= look().finally(() => (looking = undefined));
    return looking;
  }
  function watch(): void {
    if (stopWatching) return;
    const watched = host.files.watchDirectory(runtimeDir, (name) => {
      if (name === 'state.json' || name === '') void lookSoon();
    });
    if (watched.ok) stopWatching = watched.value;
  }
  function unwatch(): void {
    stopWatching?.();
    stopWatching = undefined;
  }
  const stopRepeating = repeat(host.clock, lookAgainEvery, async () => {
    if (subscribers.size > 0) await lookSoon();
    else unwatch();
  });

  return {
    read,
    subscribe(onChange) {
      subscribers.set(onChange, '');
      void lookSoon();
      return () => void subscribers.delete(onChange);
    },
    stop() {
      stopRepeating();
      unwatch();
      subscribers.clear();
    },
  };
}

/** What a report says besides when it was written. */
function withoutAge(status: Status | NoStatus): object {
  return status.daemon === null ? status : { ...status, written: '', daemon: { ...status.daemon, age: 0 } };
}
