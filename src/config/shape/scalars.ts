import { quote } from '../../core/quote.ts';
import type { ProblemCode } from '../../core/problem-codes.ts';
import type { Result } from '../../core/result.ts';
import type { Report } from '../config-problem.ts';
import type { Node, ScalarNode } from '../node.ts';
import { nearest } from '../nearest.ts';
import { refuse, refuseType, type JsonSchema, type Located, type Shape } from './shape.ts';

/** A text that `parse` reads. `expected` names it for messages ("an interface name"). */
export function text<T>(options: {
  expected: string;
  example: string;
  code?: ProblemCode;
  schema: JsonSchema;
  parse(text: string): Result<T>;
}): Shape<T> {
  return {
    schema: { type: 'string', ...options.schema },
    read(node, path, report) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string') {
        const plain = node.kind === 'scalar' && node.value !== null;
        const mend = plain
          ? `Put it in quotes: "${node.source}".`
          : `Write ${options.expected}, as in ${options.example}.`;
        return refuseType(report, node, path, options.expected, mend);
      }
      const parsed = options.parse(node.value);
      if (parsed.ok) return { value: parsed.value, place: node.place, path };
      const mend = parsed.problem.mend ?? `Write ${options.expected}, as in ${options.example}.`;
      return refuse(report, { place: node.place, path }, options.code ?? 'config-value', parsed.problem.message, mend);
    },
  };
}

/** A whole number written in a way that every reader of YAML takes for the same number. */
export function integer(options: { minimum: number; maximum: number; description: string }): Shape<number> {
  const { minimum, maximum, description } = options;
  return {
    schema: { type: 'integer', minimum, maximum, description },
    read(node, path, report) {
      const value = readInteger(node, path, report);
      if (value === undefined) return undefined;
      if (value.value >= minimum && value.value <= maximum) return value;
      const message = `${value.value} is not from ${minimum} to ${maximum}`;
      return refuse(report, value, 'config-value', message, `Write a number from ${minimum} to ${maximum}.`);
    },
  };
}

export function readInteger(node: Node, path: string, report: Report): Located<number> | undefined {
  const number = node.kind === 'scalar' && (typeof node.value === 'bigint' || typeof node.value === 'number');
  if (!number) {
    const quoted = node.kind === 'scalar' && typeof node.value === 'string' && /^[0-9]+$/.test(node.value);
    const mend = quoted ? `Write it without quotes: ${node.value}.` : 'Write a whole number.';
    return refuseType(report, node, path, 'a whole number', mend);
  }
  const { source, value } = node as ScalarNode & { value: number | bigint };
  if (/^[-+]?0[0-9]/.test(source)) {
    // YAML 1.2 drops the zeros, YAML 1.1 (most older tools) reads octal.
    const message = `${source} is ${BigInt(value)} in YAML 1.2 but octal for older readers`;
    return refuse(report, { place: node.place, path }, 'config-value', message, 'Write it without leading zeros.');
  }
  if (typeof value !== 'bigint' || BigInt(Number(value)) !== value) {
    return refuseType(report, node, path, 'a whole number', 'Write a whole number in plain digits.');
  }
  return { value: Number(value), place: node.place, path };
}

/** `true` or `false`; YAML 1.2 knows no other words for them. */
export function flag(options: { description: string; default?: boolean }): Shape<boolean> {
  return {
    schema: { type: 'boolean', ...options },
    read(node, path, report) {
      if (node.kind === 'scalar' && typeof node.value === 'boolean')
        return { value: node.value, place: node.place, path };
      const word = node.kind === 'scalar' && typeof node.value === 'string' ? node.value.toLowerCase() : '';
      const meant = ['yes', 'on', 'y'].includes(word)
        ? 'true'
        : ['no', 'off', 'n'].includes(word)
          ? 'false'
          : 'true or false';
      return refuseType(report, node, path, 'true or false', `Write ${meant}.`);
    },
  };
}

/** One of the words; `notBuilt` are known words that this version cannot do yet, each with what works instead. */
export function choice<const W extends string>(options: {
  words: readonly W[];
  notBuilt?: Readonly<Record<string, string>>;
  description: string;
  default?: W;
}): Shape<W> {
  const { words, notBuilt = {}, ...rest } = options;
  return {
    schema: { type: 'string', enum: words, ...rest },
    read(node, path, report) {
      const expected = formatChoice(words);
      if (node.kind !== 'scalar' || typeof node.value !== 'string') {
        return refuseType(report, node, path, expected, `Write ${expected}.`);
      }
      const found = words.find((word) => word === node.value);
      if (found !== undefined) return { value: found, place: node.place, path };
      const at = { place: node.place, path };
      const instead = Object.hasOwn(notBuilt, node.value) ? notBuilt[node.value] : undefined;
      if (instead !== undefined) {
        return refuse(report, at, 'config-not-built', `this version does not have "${node.value}" yet`, instead);
      }
      const near = nearest(node.value, words);
      const mend = near === undefined ? `Write ${expected}.` : `Write ${near}.`;
      return refuse(report, at, 'config-value', `${quote(node.value)} is not ${expected}`, mend);
    },
  };
}

function formatChoice(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
