import type { Output, RunOptions } from './run.ts';
import { quote } from './shell.ts';

/** Something that runs commands: a host of the lab, a Dom0, a guest of that. */
export abstract class Runner {
  abstract readonly name: string;

  /** Shell text; its exit code is a value, 124 where it took too long. */
  protected abstract runText(text: string, options?: RunOptions): Promise<Output>;

  run(argv: readonly string[], options?: RunOptions): Promise<Output> {
    return this.runText(argv.map(quote).join(' '), options);
  }

  /** Throws unless it ends with 0. */
  async ok(argv: readonly string[], options?: RunOptions): Promise<string> {
    return this.#expectOk(argv.join(' '), await this.run(argv, options));
  }

  /** Shell text, which ends at the first failure. */
  async sh(text: string, options?: RunOptions): Promise<string> {
    return this.#expectOk(text, await this.runText(`set -e\n${text}`, options));
  }

  /** Commands of `ip`, by one process. */
  async ip(...commands: string[]): Promise<void> {
    await this.ok(['ip', '-batch', '-'], { input: `${commands.join('\n')}\n` });
  }

  /** The same for those that have to be told that it is about IPv6, such as rules. */
  async ip6(...commands: string[]): Promise<void> {
    await this.ok(['ip', '-6', '-batch', '-'], { input: `${commands.join('\n')}\n` });
  }

  async json<T>(argv: readonly string[]): Promise<T> {
    const text = await this.ok(argv);
    return JSON.parse(text.trim() === '' ? '[]' : text) as T;
  }

  #expectOk(what: string, { code, stdout, stderr }: Output): string {
    if (code !== 0) throw new Error(`${this.name}: ${what}: exit code ${code}\n${stderr || stdout}`);
    return stdout;
  }
}
