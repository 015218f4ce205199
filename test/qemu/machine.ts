import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import type { Verdict } from './inside/scene.ts';

export interface MachineOptions {
  readonly argv: readonly string[];
  /** What the first serial port says; the file is there as soon as the machine runs. */
  readonly console: string;
  /** Milliseconds without a verdict after which it counts as hung and is killed. */
  readonly patience: number;
}

/**
 * A process that writes verdicts as lines of JSON to its standard output: QEMU. Every check that was not judged when it ends,
 * hangs or is killed fails with the tail of the console.
 */
export class Machine {
  readonly #child: ChildProcess;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #waiting = new Map<string, (verdict: Verdict) => void>();
  readonly #options: MachineOptions;
  readonly ended: Promise<void>;
  #end: string | undefined;
  #timer: NodeJS.Timeout;

  constructor(options: MachineOptions) {
    this.#options = options;
    const [program = '', ...args] = options.argv;
    const said = openSync(`${options.console}.qemu`, 'w');
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', said] });
    closeSync(said);
    let rest = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#read(line);
    });
    this.#timer = this.#watch();
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(this.#finish(`it could not be started: ${error.message}`)));
      this.#child.on('close', (code) => resolve(this.#finish(`it ended with exit code ${code}`)));
    });
  }

  /** Resolves as soon as it was judged, or cannot be any more. */
  verdict(scene: string, check: string): Promise<Verdict> {
    const key = keyOf(scene, check);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return Promise.resolve(known);
    if (this.#end !== undefined) return Promise.resolve(this.#unjudged(scene, check));
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #read(line: string): void {
    clearTimeout(this.#timer);
    this.#timer = this.#watch();
    const verdict = parseVerdict(line);
    if (verdict === undefined) return;
    const key = keyOf(verdict.scene, verdict.check);
    this.#verdicts.set(key, verdict);
    this.#waiting.get(key)?.(verdict);
    this.#waiting.delete(key);
  }

  #watch(): NodeJS.Timeout {
    return setTimeout(() => {
      if (!existsSync(this.#options.console)) {
        // It waits for another one to end.
        this.#timer = this.#watch();
        return;
      }
      this.#end = `it hung: no verdict in ${this.#options.patience / 1000} s, killed`;
      this.#child.kill('SIGKILL');
    }, this.#options.patience);
  }

  #finish(how: string): void {
    clearTimeout(this.#timer);
    this.#end ??= how;
    for (const [key, resolve] of this.#waiting) {
      const [scene = '', check = ''] = key.split('\n');
      resolve(this.#unjudged(scene, check));
    }
    this.#waiting.clear();
  }

  #unjudged(scene: string, check: string): Verdict {
    const { console } = this.#options;
    const tail = [console, `${console}.qemu`].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''));
    const text = tail.join('').replaceAll('\r', '').trimEnd().split('\n').slice(-25).join('\n');
    return {
      scene,
      check,
      milliseconds: 0,
      failure: `the machine never judged this: ${this.#end}\nthe console's end:\n${text}`,
    };
  }
}

function keyOf(scene: string, check: string): string {
  return `${scene}\n${check}`;
}

function parseVerdict(line: string): Verdict | undefined {
  try {
    return JSON.parse(line) as Verdict;
  } catch {
    return undefined;
  }
}
