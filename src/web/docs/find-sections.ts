/** As src/manual/site writes them. */
export type Section = readonly [title: string, heading: string, url: string, text: string];

export interface Found {
  readonly title: string;
  readonly heading: string;
  readonly url: string;
  /** Some words around the first place. */
  readonly excerpt: string;
}

/** Sections that have every word, those first that have them in their heading or title; at most `limit`. */
export function findSections(sections: readonly Section[], query: string, limit = 12): readonly Found[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  return sections
    .flatMap((section) => {
      const score = rate(section, words);
      return score > 0 ? [{ section, score }] : [];
    })
    .toSorted((one, other) => other.score - one.score)
    .slice(0, limit)
    .map(({ section: [title, heading, url, text] }) => ({ title, heading, url, excerpt: excerptOf(text, words) }));
}

/** 0 where a word is missing. */
function rate([title, heading, , text]: Section, words: readonly string[]): number {
  const [inTitle, inHeading, inText] = [title.toLowerCase(), heading.toLowerCase(), text.toLowerCase()];
  let score = 0;
  for (const word of words) {
    const own = (inHeading.includes(word) ? 8 : 0) + (inTitle.includes(word) ? (heading === '' ? 10 : 2) : 0);
    const count = Math.min(3, inText.split(word).length - 1);
    if (own + count === 0) return 0;
    score += own + count;
  }
  return score;
}

function excerptOf(text: string, words: readonly string[]): string {
  const places = words.map((word) => text.toLowerCase().indexOf(word)).filter((at) => at >= 0);
  const at = places.length > 0 ? Math.min(...places) : 0;
  const start = at < 50 ? 0 : text.indexOf(' ', at - 50) + 1;
  const end = text.length <= start + 140 ? text.length : text.lastIndexOf(' ', start + 140);
  return `${start > 0 ? '… ' : ''}${text.slice(start, end)}${end < text.length ? ' …' : ''}`;
}
