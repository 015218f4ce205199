import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fail, succeed, type Result } from '../core/result.ts';
import { openInput } from './open-input.ts';
import type { Command, FollowedCommand, Follower, Output, Processes } from './host.ts';

const environment = { ...process.env, LC_ALL: 'C' };
const defaultTimeout = 10_000;

/**
 * What is followed ends with us also when we are killed; a monitor would only notice at its next line. Where systemd started us it
 * ends them itself.
 */
const tie = process.env['NOTIFY_SOCKET'] ? [] : ['setpriv', '--pdeathsig', 'TERM'];

/** By argv: a process that was started for the next `run` of it. */
const waiting = new Map<string, ChildProcess>();
const keptReady = new Set<string>();

/** The one place that starts processes. */
export const systemProcesses: Processes = {
  async run(command: Command) {
    const key = command.argv.join('\0');
    const started = take(key) ?? attempt(command);
    const ended = started instanceof Error ? fail(notStarted(command.argv[0], started)) : collect(started, command);
    if (keptReady.has(key)) void Promise.resolve(ended).then(() => makeReady(key, command.argv));
    return ended;
  },

  keepReady(argv) {
    const key = argv.join('\0');
    keptReady.add(key);
    makeReady(key, argv);
    return () => {
      keptReady.delete(key);
      take(key)?.kill('SIGKILL');
    };
  },

  follow(command: FollowedCommand) {
    const { argv, env = {} } = command;
    const [program] = argv;
    const child = attempt({ argv: [...tie, ...argv] as [string, ...string[]], env });
    return child instanceof Error ? notFollowed(program, child, command) : follower(program, child, command);
  },

  signal(pid, signal) {
    try {
      return process.kill(pid, signal);
    } catch (error) {
      // Not permitted: it is there, but somebody else's.
      return signal === 0 && (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
};

/** What keeps a program from being started comes as an event for some reasons, and is thrown for others (ENOMEM, E2BIG). */
function attempt(command: Command): ChildProcess | Error {
  try {
    return start(command);
  } catch (error) {
    return error as Error;
  }
}

/**
 * Starts a program in a session of its own: it goes on when this process is killed or its terminal is closed. Nothing but the
 * pipe of its standard input, which then ends, tells it of that.
 */
export function startDetached(command: FollowedCommand): Follower {
  const [program, ...args] = command.argv;
  const child = spawn(program, args, { env: process.env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  return follower(program, child, command);
}

function start({ argv: [program, ...args], opensInput, input = '', env, ownSession = false }: Command): ChildProcess {
  const file = opensInput ? openInput(input) : undefined;
  try {
    const stdio = [file ?? 'pipe', 'pipe', 'pipe'] as const;
    return spawn(program, args, { env: { ...environment, ...env }, stdio: [...stdio], detached: ownSession });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function makeReady(key: string, argv: Command['argv']): void {
  if (!keptReady.has(key) || waiting.has(key)) return;
  const child = attempt({ argv, ownSession: true });
  if (child instanceof Error) return;
  waiting.set(key, child);
  const forget = (): void => {
    if (waiting.get(key) === child) waiting.delete(key);
  };
  child.on('error', forget);
  child.on('exit', forget);
}

function take(key: string): ChildProcess | undefined {
  const child = waiting.get(key);
  waiting.delete(key);
  return child;
}

/** Gives a process its input and waits for its end. */
function collect(child: ChildProcess, command: Command): Promise<Result<Output>> {
  const [program] = command.argv;
  const timeout = command.timeout ?? defaultTimeout;
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
      // What it started may live on and hold these open; nobody waits for that.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, timeout);
    // Where there are no descriptors left, there are no streams either (EMFILE): the error follows.
    child.stdout?.on('data', (data: Buffer) => stdout.push(data));
    child.stderr?.on('data', (data: Buffer) => stderr.push(data));
    child.stdin?.on('error', () => {}); // EPIPE: it ended without reading; its exit code says why
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(fail(notStarted(program, error)));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) {
        resolve(fail({ code: 'tool-timeout', message: `${program} did not end within ${timeout} ms` }));
      } else if (code === null) {
        resolve(fail({ code: 'tool-killed', message: `${program} was ended by ${signal ?? 'a signal'}` }));
      } else {
        const output = { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
        resolve(succeed(output));
      }
    });
    child.stdin?.end(command.input ?? '');
  });
}

/** For what a followed program said before it ended, in milliseconds. */
const lastWords = 300;

function follower(program: string, child: ChildProcess, command: FollowedCommand): Follower {
  let ended = false;
  let lastError = '';
  const gone = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      if (ended) return;
      ended = true;
      resolve();
      command.onEnd(how);
    };
    child.on('error', (error: NodeJS.ErrnoException) => end(notStarted(program, error).message));
    child.on('close', (code, signal) => {
      end(`${program} ended with ${signal ?? `exit code ${code}`}${lastError && `: ${lastError}`}`);
    });
    // What it started may live on and hold these open; nobody waits for that.
    child.on('exit', () => {
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, lastWords);
      child.on('close', () => clearTimeout(timer));
    });
  });
  child.stdin?.on('error', () => {});
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => command.onLine(line));
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastError = line;
      command.onComplaint?.(line);
    });
  }
  return {
    pid: child.pid,
    write: (text) => void child.stdin?.write(text),
    async stop() {
      if (!ended) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Told later, as if it had been started: the caller has not got what it is told about before. */
function notFollowed(program: string, error: Error, command: FollowedCommand): Follower {
  setImmediate(() => command.onEnd(notStarted(program, error).message));
  return { pid: undefined, write: () => {}, stop: async () => {} };
}

function notStarted(program: string, error: NodeJS.ErrnoException) {
  return error.code === 'ENOENT'
    ? ({
        code: 'tool-missing',
        message: `${program} is not installed or not in PATH`,
        mend: `Install the package that has ${program}.`,
      } as const)
    : ({ code: 'tool-killed', message: `${program} could not be started: ${error.message}` } as const);
}
