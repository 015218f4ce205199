import type { ProblemCode } from '../../core/problem-codes.ts';
import type { Report } from '../config-problem.ts';
import { printable } from '../../core/printable.ts';
import { describeNode, type Node } from '../node.ts';
import type { Place } from '../place.ts';

/** A value that was read, with where it stands and what it is called (`uplinks.dsl.interface`). */
export interface Located<T> {
  readonly value: T;
  readonly place: Place;
  readonly path: string;
}

/** A JSON Schema (draft 2020-12) in the making. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * One definition that both reads a value and describes it to editors. Written by hand because a validator of plain
 * values knows no places, and stops at the first unknown key of a map or skips the checks behind a wrong type.
 */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** Reports what is wrong and goes on; undefined where there is nothing to go on with. Never throws. */
  read(node: Node, path: string, report: Report): Located<T> | undefined;
}

/** Reports a problem at a value, with its path in front. */
export function refuse(
  report: Report,
  at: Omit<Located<unknown>, 'value'>,
  code: ProblemCode,
  message: string,
  mend: string,
): undefined {
  const told = at.path === '' ? message : `${at.path}: ${message}`;
  report({ ...at.place, code, message: printable(told, Infinity), mend: printable(mend, Infinity) });
  return undefined;
}

export function refuseType(report: Report, node: Node, path: string, expected: string, mend: string): undefined {
  return refuse(
    report,
    { place: node.place, path },
    'config-type',
    `expected ${expected}, found ${describeNode(node)}`,
    mend,
  );
}
