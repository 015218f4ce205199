import { matchShown, tidy } from './match-shown.ts';
import type { Page, Shown, Step } from './page.ts';
import type { Stage } from './stage.ts';

export interface Played {
  /** What was wrong first, with file and line. */
  readonly failure: string | undefined;
  /** What was printed where the page shows something. */
  readonly printed: readonly { readonly shown: Shown; readonly output: string }[];
}

/** Does what a page says, in its order. With `goOn`, output that is not as shown is no reason to stop. */
export async function playPage(page: Page, stage: Stage, { goOn = false, patience = 20_000 } = {}): Promise<Played> {
  const printed: { shown: Shown; output: string }[] = [];
  for (const step of page.steps) {
    const failure = await play(step);
    if (failure !== undefined) return { failure: `${page.path}:${step.line}: ${failure}`, printed };
  }
  return { failure: undefined, printed };

  async function play(step: Step): Promise<string | undefined> {
    try {
      switch (step.do) {
        case 'run':
          return await run(step);
        case 'start':
          await stage.start(step.on, step.text);
          return undefined;
        case 'write':
          await stage.write(step.on, step.path, step.text);
          return undefined;
        case 'act':
          await stage.act(step.words);
          return undefined;
        case 'install':
        case 'elsewhere':
          return undefined;
      }
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async function run({ on, text, exit, wait, shown }: Extract<Step, { do: 'run' }>): Promise<string | undefined> {
    const start = performance.now();
    for (;;) {
      const { code, output } = await stage.run(on, text);
      const fits = !shown || matchShown(shown, output);
      if (code === exit && fits) {
        if (shown) printed.push({ shown, output });
        return undefined;
      }
      // What is to be written down need not be as it stands there now.
      const enough = goOn && code === exit ? 4000 : patience;
      if (wait && performance.now() - start < enough) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        continue;
      }
      if (shown) printed.push({ shown, output });
      if (code !== exit) return `exit code ${code} instead of ${exit}:\n${output}`;
      if (goOn) return undefined;
      return `not as shown in line ${shown!.line}; it was:\n${tidy(output)}`;
    }
  }
}
