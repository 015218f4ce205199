import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Output } from '../../qemu/inside/run.ts';

/** The shell that a guest has on its console: one command at a time, by way of the terminal that xenconsoled made in Dom0. */
export class GuestConsole {
  readonly #fd: number;
  readonly #stream: ReadStream;
  #said = '';
  #listener: (() => void) | undefined;

  constructor(tty: string) {
    this.#fd = openSync(tty, 'r+');
    this.#stream = new ReadStream(this.#fd);
    this.#stream.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
      this.#listener?.();
    });
    // It goes away with the guest.
    this.#stream.on('error', () => {});
  }

  /** Everything it said since the last command. */
  get text(): string {
    return this.#said;
  }

  /** Until a line ends in the word; undefined where it took too long. Returns what came before that line, and drops it. */
  waitFor(word: string, timeout: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const at = this.#said.indexOf(`${word}\n`);
        if (at === -1) return;
        const before = this.#said.slice(0, at);
        this.#said = this.#said.slice(at + word.length + 1);
        done(before);
      };
      const done = (result: string | undefined): void => {
        clearTimeout(timer);
        this.#listener = undefined;
        resolve(result);
      };
      const timer = setTimeout(() => done(undefined), timeout);
      this.#listener = look;
      look();
    });
  }

  async run(text: string, timeout: number): Promise<Output> {
    this.#said = '';
    // In halves, so that no echo of the command is taken for its end.
    const mark = (name: string): string => `printf '\\n@@%s\\n' ${name}`;
    writeSync(
      this.#fd,
      `(${text}\n) </dev/null >/tmp/out 2>/tmp/err; echo $? >/tmp/code\n` +
        `${mark('begin')}; cat /tmp/out; ${mark('out')}; cat /tmp/err; ${mark('err')}; cat /tmp/code; ${mark('end')}\n`,
    );
    const all = await this.waitFor('\n@@end', timeout);
    if (all === undefined) return { code: 124, stdout: '', stderr: `the console says: ${this.#said.slice(-500)}` };
    const [, rest = ''] = all.split('@@begin\n');
    const [stdout = '', more = ''] = rest.split('\n@@out\n');
    const [stderr = '', code = ''] = more.split('\n@@err\n');
    return { code: Number(code), stdout, stderr };
  }

  end(): void {
    this.#stream.destroy();
    try {
      closeSync(this.#fd);
    } catch {
      // the stream has closed it
    }
  }
}
