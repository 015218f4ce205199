/** Of an odd count the middle one; of an even count the upper of the two. */
export function median(values: readonly number[]): number {
  const value = sorted(values)[Math.floor(values.length / 2)];
  if (value === undefined) throw new Error('no values');
  return value;
}

/** The value that this share of all is below, 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  return sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

/** Half of the values are within this distance of the median, as a share of it. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle))) / middle;
}

/**
 * Medians of the ratios of two contestants round by round: what the machine does else at a moment hits both sides of a ratio alike,
 * where medians taken apart may come from different moments.
 */
export function ratio(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, round) => value / base[round]!));
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
