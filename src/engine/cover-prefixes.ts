import { contains, overlap, prefixOf, type Prefix } from '../core/prefix.ts';

/**
 * A few prefixes that together hold all of `these` and nothing of `those`. They may hold what is in neither.
 *
 *     cover(a:0/64 a:1/64 a:2/64, none) = a:0/62      cover(a:0/64 a:1/64 a:3/64, a:2/64) = a:0/63 a:3/64
 */
export function coverPrefixes(these: readonly Prefix[], those: readonly Prefix[]): Prefix[] {
  const [first] = these;
  if (!first) return [];
  let length = Math.min(...these.map((each) => each.length));
  while (!these.every((each) => contains(prefixOf(first.address, length), each.address))) length--;
  const around = prefixOf(first.address, length);
  const near = those.filter((each) => overlap(around, each));
  // One of `these` that is as long as what is around all of them is the only one, or holds the others.
  if (near.length === 0 || these.some((each) => each.length === length)) return [around];
  const upper = prefixOf(first.address, length + 1);
  const [ones, others] = [true, false].map((inUpper) =>
    these.filter(({ address }) => contains(upper, address) === inUpper),
  );
  return [...coverPrefixes(ones!, near), ...coverPrefixes(others!, near)];
}
