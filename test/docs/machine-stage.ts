import type { Runner } from '../qemu/inside/runner.ts';
import type { Stage } from './stage.ts';

/** Hosts of a test machine (test/vm, test/xenvm), where the built project lies in /sixgate. */
export class MachineStage implements Stage {
  readonly #host: (name: string) => Runner;
  readonly #act: (words: readonly string[]) => Promise<void>;

  constructor(host: (name: string) => Runner, act: (words: readonly string[]) => Promise<void>) {
    this.#host = host;
    this.#act = act;
  }

  async run(on: string, text: string): Promise<{ code: number; output: string }> {
    const { code, stdout } = await this.#host(on).run(['sh', '-ec', `${asInstalled}exec 2>&1\n${text}`], {
      timeout: 300_000,
    });
    return { code, output: stdout };
  }

  async start(on: string, text: string): Promise<void> {
    await this.#host(on).sh(`${asInstalled}(${text.trim()}) >/tmp/started.log 2>&1 </dev/null &`);
  }

  async write(on: string, path: string, text: string): Promise<void> {
    await this.#host(on).ok(['sh', '-ec', 'mkdir -p "$(dirname "$1")"; cat >"$1"', 'sh', path], { input: text });
  }

  act(words: readonly string[]): Promise<void> {
    return this.#act(words);
  }

  async end(): Promise<void> {
    return Promise.resolve();
  }
}

const asInstalled = 'sixgate() { node /sixgate/dist/main.cjs "$@"; }\n';
