/** What should be held, by the events that were delivered whole: the test's own short model of an uplink, and a spare one. */
export interface Expected {
  /** Outside prefixes that are valid, the one for new flows last. */
  held: string[];
  /** Which they were before the last step. */
  before: string[];
  /** What was one of them and ended during the last step, if only for a moment. */
  ended: string[];
  /** The prefix of the spare uplink. */
  spare: string | undefined;
  /** Which of the two can be used. */
  up: { dsl: boolean; lte: boolean };
  /** Whether an uplink was down during the last step, if only for a moment: flows may have moved. */
  moved: boolean;
}

export function expectNothing(): Expected {
  return { held: [], before: [], ended: [], spare: undefined, up: { dsl: true, lte: true }, moved: false };
}

/** A Reply that names these prefixes; `dead` ones with a valid lifetime of 0. */
export function hearReply(expected: Expected, named: readonly string[], dead: readonly string[]): void {
  const alive = named.filter((prefix) => !dead.includes(prefix));
  const latest = expected.held.at(-1);
  expected.ended.push(...expected.held.filter((prefix) => dead.includes(prefix)));
  expected.held = expected.held.filter((prefix) => !dead.includes(prefix));
  for (const prefix of alive) {
    // What is named keeps its place where the latest one is named too.
    if (expected.held.includes(prefix) && (prefix === latest || (latest && alive.includes(latest)))) continue;
    expected.held = [...expected.held.filter((other) => other !== prefix), prefix];
  }
}
