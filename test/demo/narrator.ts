import picocolors from 'picocolors';

const subjectWidth = 10;

/** Prints the story: one line an event, the time since the beginning in front, coloured on a terminal only. */
export class Narrator {
  readonly #colors = picocolors.createColors(process.stdout.isTTY && !process.env['NO_COLOR']);
  readonly #start = performance.now();

  get colors(): Readonly<Record<'bold' | 'dim' | 'green' | 'red' | 'cyan', (text: string) => string>> {
    return this.#colors;
  }

  raw(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  scene(title: string): void {
    this.raw(`\n${this.#colors.bold(title)}`);
  }

  /** An event, with the time. */
  event(subject: string, text: string): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1).padStart(5);
    this.raw(`${this.#colors.dim(`${seconds} s`)}  ${this.#colors.cyan(subject.padEnd(subjectWidth))} ${text}`);
  }

  /** What belongs to the event before. */
  detail(subject: string, text: string): void {
    this.raw(`${' '.repeat(9)}${this.#colors.dim(subject.padEnd(subjectWidth))} ${text}`);
  }
}
