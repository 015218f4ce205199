import type { ChildProcess } from 'node:child_process';

export interface Output {
  /** 124 where it took too long. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** In milliseconds; default five minutes, since emulation is slow. */
  readonly timeout?: number;
}

/** Of a child that was started with `detached`: it and all it started. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}
