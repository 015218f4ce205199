import type { ProblemCode } from '../core/problem-codes.ts';
import type { Report } from './config-problem.ts';
import { refuse, type Located } from './shape/shape.ts';
import type { Unsuitable } from './suitable-prefix.ts';

/** Where the checks put what they find. */
export interface Findings {
  readonly refuse: Report;
  readonly warn: Report;
}

/** True where the finding leaves the value usable. */
export function reportUnsuitable(findings: Findings, at: Located<unknown>, found: Unsuitable | undefined): boolean {
  if (!found) return true;
  const refused = found.severity === 'refused';
  const code: ProblemCode = refused ? 'config-prefix' : 'config-unusual';
  refuse(refused ? findings.refuse : findings.warn, at, code, found.message, found.mend);
  return !refused;
}
