import type { Instant } from '../core/instant.ts';
import type { Problem } from '../core/problem.ts';

/** A problem and the moment from which it has been standing. */
export interface StandingProblem {
  readonly problem: Problem;
  readonly since: Instant;
}

/** Today's problems, each with the moment at which it was first seen without a break. */
export function keepSince(
  before: readonly StandingProblem[],
  problems: readonly Problem[],
  now: Instant,
): readonly StandingProblem[] {
  return problems.map((problem) => {
    const known = before.find((standing) => same(standing.problem, problem));
    return { problem, since: known?.since ?? now };
  });
}

/** Those that were not there before, and those that are there no longer. */
export function compareProblems(before: readonly StandingProblem[], after: readonly StandingProblem[]) {
  return {
    begun: after.filter(({ problem }) => !before.some((standing) => same(standing.problem, problem))),
    ended: before.filter(({ problem }) => !after.some((standing) => same(standing.problem, problem))),
  };
}

function same(one: Problem, other: Problem): boolean {
  return one.code === other.code && one.message === other.message;
}
