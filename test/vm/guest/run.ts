import { spawn, type ChildProcess } from 'node:child_process';

export interface Output {
  /** 124 where it took too long. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** In milliseconds; default 20 s. */
  readonly timeout?: number;
}

/** Runs a program to its end; every exit code is a value. */
export async function run(argv: readonly string[], { input = '', timeout = 20_000 }: RunOptions = {}): Promise<Output> {
  const child = spawn(argv[0] ?? '', argv.slice(1), { detached: true });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child);
  }, timeout);
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      output.stderr += error.message;
      resolve(127);
    });
    // "exit" and not "close": a daemon that was started keeps the pipes open.
    child.on('exit', (status) => setTimeout(() => resolve(late ? 124 : (status ?? 128)), 5));
  });
  clearTimeout(timer);
  return { code, ...output };
}

/** The same, but any exit code except 0 throws. Returns its standard output. */
export async function runOk(argv: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code !== 0) throw new Error(`${argv.join(' ')}: exit code ${code}\n${stderr || stdout}`);
  return stdout;
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
