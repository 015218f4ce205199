/** Measures every contestant once a round, in turns; every other round backwards, so that none is always the one after another. */
export async function takeTurns<Contestant>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant, round: number) => Promise<number>,
): Promise<Map<Contestant, number[]>> {
  const values = new Map<Contestant, number[]>(contestants.map((each) => [each, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
      values.get(contestant)!.push(await measure(contestant, round));
    }
  }
  return values;
}
