import type { Problem } from '../core/problem.ts';
import type { Place } from './place.ts';

/** What is wrong in a configuration, and where. */
export interface ConfigProblem extends Problem, Place {}

/** Takes every problem as it is found, so that one run tells all of them. */
export type Report = (problem: ConfigProblem) => void;

/** `file:line:col: message`, the form that editors jump to. */
export function formatConfigProblem(problem: ConfigProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** For `sort`: by file in the order given, then by line and column. */
export function compareConfigProblems(files: readonly string[]): (one: ConfigProblem, other: ConfigProblem) => number {
  return (one, other) =>
    files.indexOf(one.file) - files.indexOf(other.file) || one.line - other.line || one.column - other.column;
}
