import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LabError } from './lab-error.ts';

export interface SpawnOptions {
  /** Names the log file and the process in messages. */
  readonly label: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets its standard output line by line instead of the log file. */
  readonly onLine?: (line: string) => void;
}

/** A process that goes on in the lab, leader of its own session so that all it starts can be ended with it. */
export interface LabProcess {
  readonly pid: number;
  readonly label: string;
  /** Standard error, and standard output unless it is read line by line. */
  readonly logFile: string;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  running(): boolean;
  log(): string;
  signal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR1' | 'SIGALRM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /**
   * SIGTERM, again every second (dhcpcd 9.4.1 loses one that comes while its hook runs), and after `patience`
   * milliseconds SIGKILL. Whatever is left of its process group then goes too: dhcpcd's orphaned proxies would hold
   * UDP port 546 for ever.
   */
  stop(patience?: number): Promise<void>;
}

export function startProcess(argv: readonly string[], logFile: string, options: SpawnOptions): LabProcess {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    detached: true,
    stdio: ['ignore', options.onLine ? 'pipe' : log, log],
    env: { ...process.env, LC_ALL: 'C', ...options.env },
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new LabError(`could not start ${options.label}`, { argv });
  if (options.onLine && child.stdout) createInterface({ input: child.stdout }).on('line', options.onLine);
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on(options.onLine ? 'close' : 'exit', (code, signal) => resolve({ code, signal }));
  });
  const running = () => child.exitCode === null && child.signalCode === null;
  const send = (target: number, signal: NodeJS.Signals) => {
    try {
      process.kill(target, signal);
    } catch {
      // gone already
    }
  };
  return {
    pid,
    label: options.label,
    logFile,
    exited,
    running,
    log: () => readFileSync(logFile, 'utf8'),
    signal: (signal) => {
      if (running()) send(pid, signal);
    },
    async stop(patience = 8000) {
      if (running()) {
        send(pid, 'SIGTERM');
        const again = setInterval(() => send(pid, 'SIGTERM'), 1000);
        const enough = setTimeout(() => send(-pid, 'SIGKILL'), patience);
        await exited;
        clearInterval(again);
        clearTimeout(enough);
      }
      send(-pid, 'SIGKILL');
    },
  };
}
