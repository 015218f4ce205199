import type { Narrator } from './narrator.ts';

interface Claim {
  readonly what: string;
  readonly promised: string;
  readonly seen: string;
  readonly kept: boolean;
}

/** What the demo promises and what it saw. */
export class Claims {
  readonly #claims: Claim[] = [];

  check(what: string, promised: string, seen: string, kept: boolean): void {
    this.#claims.push({ what, promised, seen, kept });
  }

  /** Prints the table; true where every promise was kept. */
  summarise(narrator: Narrator): boolean {
    const { bold, green, red } = narrator.colors;
    const width = (key: 'what' | 'promised' | 'seen') => Math.max(8, ...this.#claims.map((claim) => claim[key].length));
    const [what, promised, seen] = [width('what'), width('promised'), width('seen')];
    narrator.raw(`  ${bold('what'.padEnd(what))}  ${bold('promised'.padEnd(promised))}  ${bold('seen'.padEnd(seen))}`);
    for (const claim of this.#claims) {
      const mark = claim.kept ? green('kept') : red('BROKEN');
      const cells = [claim.what.padEnd(what), claim.promised.padEnd(promised), claim.seen.padEnd(seen)];
      narrator.raw(`  ${cells.join('  ')}  ${mark}`);
    }
    const broken = this.#claims.filter(({ kept }) => !kept);
    narrator.raw('');
    if (broken.length === 0) narrator.raw(green(`All ${this.#claims.length} promises kept.`));
    else
      narrator.raw(
        red(
          `${broken.length} of ${this.#claims.length} promises broken: ${broken.map((claim) => claim.what).join('; ')}`,
        ),
      );
    return broken.length === 0;
  }
}
