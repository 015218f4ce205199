import { spawn } from 'node:child_process';
import { endGroup, type Output, type RunOptions } from '../../qemu/inside/run.ts';
import { Runner } from '../../qemu/inside/runner.ts';
import { Shell } from '../../qemu/inside/shell.ts';

/** The machine itself, or a network namespace on it that plays another one. */
export class Place extends Runner {
  readonly name: string;
  readonly #enter: readonly string[];
  readonly #shell: Shell;

  constructor(name: string, namespace?: string) {
    super();
    this.name = name;
    this.#enter = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
    this.#shell = new Shell([...this.#enter, 'sh']);
  }

  /** Under emulation, and beside other tests, everything takes its time. */
  protected override runText(text: string, options: RunOptions = {}): Promise<Output> {
    return this.#shell.run(text, { timeout: 600_000, ...options });
  }

  /** Shell text, whatever its exit code is. */
  try(text: string, options?: RunOptions): Promise<Output> {
    return this.runText(text, options);
  }

  /** Something that runs until it is ended. */
  start(argv: readonly string[]): Started {
    const [program = '', ...args] = [...this.#enter, ...argv];
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    return {
      output: () => output,
      ended,
      signal: (signal) => void child.kill(signal),
      kill: () => endGroup(child),
    };
  }
}

export interface Started {
  output(): string;
  /** The exit code, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** It and all that it started. */
  kill(): void;
}
