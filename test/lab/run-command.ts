import { spawn } from 'node:child_process';
import { LabError } from './lab-error.ts';

export interface CommandOptions {
  /** Written to its standard input. */
  readonly input?: string;
  /** In milliseconds, default 20 s. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; any exit code is a value, only what could not be started or took too long throws. */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandOutput> {
  const { input = '', timeout = 20_000, env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0] ?? '', argv.slice(1), { env: { ...process.env, LC_ALL: 'C', ...env } });
    let stdout = '';
    let stderr = '';
    let late = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(input);
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new LabError(`could not start ${argv[0]}: ${error.message}`, { argv }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) reject(new LabError(`took longer than ${timeout} ms`, { argv, stderr }));
      else resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), stdout, stderr });
    });
  });
}

/** The same, but any exit code other than 0 throws. Returns its standard output. */
export async function runChecked(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runCommand(argv, options);
  if (code !== 0) throw new LabError(`exit code ${code}`, { argv, code, stderr: stderr || stdout });
  return stdout;
}
