import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { endGroup, type Output, type RunOptions } from './run.ts';

/**
 * One shell that lives as long as its host and runs one command after the other: under emulation every program that is
 * started costs some 50 ms, and so nsenter and a copy of Node a command would be most of a run.
 */
export class Shell {
  readonly #argv: readonly string[];
  readonly #directory = mkdtempSync('/tmp/shell-');
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** `argv` starts a shell that reads standard input. */
  constructor(argv: readonly string[]) {
    this.#argv = argv;
  }

  /** Shell text; its exit code is a value, 124 where it took too long. */
  run(text: string, options: RunOptions = {}): Promise<Output> {
    const next = this.#last.then(() => this.#run(text, options));
    this.#last = next;
    return next;
  }

  end(): void {
    if (this.#child !== undefined) endGroup(this.#child);
    this.#child = undefined;
  }

  async #run(text: string, { input = '', timeout = 300_000 }: RunOptions): Promise<Output> {
    const [script, stdin, stdout, stderr] = ['script', 'in', 'out', 'err'].map((name) => `${this.#directory}/${name}`);
    writeFileSync(`${script}`, text);
    writeFileSync(`${stdin}`, input);
    this.#child ??= this.#start();
    // Read as a file, so that an error of syntax ends the subshell alone.
    const code = await this.#ask(`(. ${script}) <${stdin} >${stdout} 2>${stderr}; echo $?\n`, timeout);
    return { code, stdout: readFileSync(`${stdout}`, 'utf8'), stderr: readFileSync(`${stderr}`, 'utf8') };
  }

  #ask(line: string, timeout: number): Promise<number> {
    const child = this.#child as ChildProcess;
    return new Promise((resolve) => {
      let said = '';
      const done = (code: number) => {
        clearTimeout(timer);
        child.stdout?.off('data', read);
        child.off('exit', died);
        resolve(code);
      };
      const read = (text: string) => {
        said += text;
        if (said.endsWith('\n')) done(Number(said));
      };
      const died = () => {
        this.#child = undefined;
        done(128);
      };
      const timer = setTimeout(() => {
        this.end();
        done(124);
      }, timeout);
      child.stdout?.on('data', read);
      child.on('exit', died);
      child.stdin?.write(line);
    });
  }

  #start(): ChildProcess {
    const child = spawn(this.#argv[0] ?? '', this.#argv.slice(1), {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdout.setEncoding('utf8');
    child.stdin.on('error', () => {}); // it was ended
    return child;
  }
}

/** As one word of a shell, whatever is in it. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
