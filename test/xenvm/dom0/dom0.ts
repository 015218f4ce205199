import type { Output, RunOptions } from '../../qemu/inside/run.ts';
import { Runner } from '../../qemu/inside/runner.ts';
import { Shell } from '../../qemu/inside/shell.ts';

/** The control domain. Commands of several lanes run beside each other: "xl create" takes seconds. */
export class Dom0 extends Runner {
  readonly name = 'dom0';
  readonly #idle: Shell[] = [];

  protected override async runText(text: string, options?: RunOptions): Promise<Output> {
    const shell = this.#idle.pop() ?? new Shell(['sh']);
    try {
      return await shell.run(text, options);
    } finally {
      this.#idle.push(shell);
    }
  }
}
