/**
 * The same pure function, which remembers its last answer for each first argument and gives it again where the second one is the
 * `same`. What is asked for with every pass is then the same object as before, and who compares the two sees it at once.
 */
export function rememberLast<K extends object, A, V>(
  derive: (key: K, argument: A) => V,
  same: (one: A, other: A) => boolean,
): (key: K, argument: A) => V {
  const last = new WeakMap<K, { readonly argument: A; readonly value: V }>();
  return (key, argument) => {
    const known = last.get(key);
    if (known && same(known.argument, argument)) return known.value;
    const value = derive(key, argument);
    last.set(key, { argument, value });
    return value;
  };
}

/** Whether both have the very same items in the same order. */
export function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one === other || (one.length === other.length && one.every((item, at) => item === other[at]));
}
