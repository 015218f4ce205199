import { basename } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { deriveHookCalls, type HookCall } from '../engine/hook-calls.ts';
import type { Report } from '../engine/report.ts';
import { findHooks } from '../host/find-hooks.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';

export interface HookRunner {
  /** What is in force now. Returns at once; hooks run one after the other beside everything else. */
  note(report: Report): void;
  problems(): readonly Problem[];
  /** Nothing more is started; one that runs is left to its end. */
  stop(): void;
}

export interface HookRunnerOptions {
  readonly host: Host;
  readonly directory: string;
  readonly statePath: string;
  readonly log: Log;
  /** Problems began or ended. */
  onChange(): void;
}

/** In seconds; then SIGTERM for it and what it started, and SIGKILL 2 s later. */
const limit = 30;
/** Changes that wait for hooks; of more the oldest is left out. */
const waitingLimit = 100;

/** Runs the admin's hooks on every change. */
export function createHookRunner(options: HookRunnerOptions): HookRunner {
  const { host, directory, statePath, log } = options;
  let last: Report | undefined;
  let waiting: HookCall[] = [];
  let running = false;
  let stopped = false;
  const failed = new Map<string, Problem>();
  let refused: readonly Problem[] = [];

  async function work(): Promise<void> {
    if (running) return;
    running = true;
    for (let call = waiting.shift(); call && !stopped; call = waiting.shift()) {
      const found = await findHooks(directory);
      tellRefused(found.refused);
      for (const gone of [...failed.keys()].filter((path) => !found.runnable.includes(path))) failed.delete(gone);
      for (const path of found.runnable) {
        if (!stopped) await run(path, call);
      }
    }
    running = false;
  }

  async function run(path: string, { event, variables }: HookCall): Promise<void> {
    const env = { ...variables, SIXGATE_EVENT: event, SIXGATE_STATE: statePath };
    const argv = ['timeout', '--kill-after=2', String(limit), path, event] as const;
    const output = await host.processes.run({ argv, env, timeout: (limit + 5) * 1000 });
    const why = !output.ok
      ? output.problem.message
      : output.value.code === 124 || output.value.code === 137
        ? `it did not end within ${limit} s`
        : output.value.code === 0
          ? undefined
          : `exit code ${output.value.code}${lastLine(output.value.stderr)}`;
    const before = failed.get(path)?.message;
    if (why === undefined) failed.delete(path);
    else failed.set(path, hookFailed(path, event, why));
    if (before === failed.get(path)?.message) return;
    options.onChange();
  }

  function tellRefused(found: readonly { path: string; why: string }[]): void {
    const before = refused;
    refused = found.map(({ path, why }) => ({
      code: 'hook-refused',
      message: `the hook ${path} is not run: ${why}`,
      mend: `chown root: ${path} && chmod go-w ${path}`,
    }));
    if (JSON.stringify(before) !== JSON.stringify(refused)) options.onChange();
  }

  return {
    note(report) {
      const calls = deriveHookCalls(last, report);
      last = report;
      if (calls.length === 0) return;
      waiting.push(...calls);
      if (waiting.length > waitingLimit) {
        log.warn(`${waiting.length - waitingLimit} changes wait too long for hooks and are left out`);
        waiting = waiting.slice(-waitingLimit);
      }
      void work();
    },
    problems: () => [...failed.values(), ...refused],
    stop() {
      stopped = true;
    },
  };
}

function hookFailed(path: string, event: string, why: string): Problem {
  return {
    code: 'hook-failed',
    message: `the hook ${basename(path)} failed at ${event}: ${why}`,
    mend: `Mend ${path}; it is run at the next change.`,
  };
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line.slice(0, 200)}`;
}
