/** Anchors as GitHub makes them: small letters, no punctuation, `-` for blanks, and `-1` for the second of a kind. */
export function createAnchors(): (heading: string) => string {
  const given = new Map<string, number>();
  return (heading) => {
    const base = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const count = given.get(base) ?? 0;
    given.set(base, count + 1);
    return count === 0 ? base : `${base}-${count}`;
  };
}
