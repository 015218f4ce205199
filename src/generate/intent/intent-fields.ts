import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/quote.ts';
import type { Result } from '../../core/result.ts';

/** Writes a key as the user knows it: `--ipv4-mask-length` on a command line, `ipv4MaskLength` in a file. */
export type NameKey = (key: string) => string;

/** Reads the values of an intent one by one; what is wrong is collected, and the value is then undefined. */
export interface IntentFields {
  /** Everything that was found wrong so far, each message beginning with the key. */
  readonly problems: readonly Problem[];
  has(key: string): boolean;
  required<T>(key: string, parse: (text: string) => Result<T>): T | undefined;
  optional<T>(key: string, parse: (text: string) => Result<T>): T | undefined;
  /** A list of texts, or one text. */
  list<T>(key: string, parse: (text: string) => Result<T>): readonly T[];
  /** A list of values of any kind; a single one is taken as a list of one. */
  items(key: string): readonly unknown[];
  /** A whole number within the limits, as a number or in decimal digits. */
  integer(key: string, limits: { readonly min: number; readonly max: number }): number | undefined;
  choice<const T extends string>(key: string, choices: readonly T[]): T | undefined;
  flag(key: string): boolean;
  refuse(key: string, problem: Problem): void;
  missing(key: string): undefined;
}

/** Wraps a value from JSON or from a command line. `keys` are all that may stand in it. */
export function readIntentFields(value: unknown, keys: readonly string[], name: NameKey): IntentFields {
  const problems: Problem[] = [];
  const object = isObject(value) ? value : {};
  const refuse = (key: string, problem: Problem): void => {
    problems.push({ ...problem, message: `${name(key)}: ${problem.message}` });
  };
  const refuseValue = (key: string, message: string): undefined => {
    refuse(key, { code: 'intent-value', message });
    return undefined;
  };
  if (!isObject(value)) problems.push({ code: 'intent-value', message: 'the intent is not a JSON object' });
  for (const key of Object.keys(object)) {
    if (!keys.includes(key)) {
      const message = `no such key: ${quote(key)}`;
      problems.push({ code: 'intent-key', message, mend: `Keys here are ${keys.map(name).join(', ')}.` });
    }
  }
  const has = (key: string): boolean => Object.hasOwn(object, key) && object[key] !== undefined && object[key] !== null;
  const parsed = <T>(key: string, text: unknown, parse: (text: string) => Result<T>): T | undefined => {
    if (typeof text !== 'string') return refuseValue(key, 'a text is needed here');
    const result = parse(text);
    if (result.ok) return result.value;
    refuse(key, result.problem);
    return undefined;
  };
  const items = (key: string): readonly unknown[] => {
    if (!has(key)) return [];
    return Array.isArray(object[key]) ? (object[key] as unknown[]) : [object[key]];
  };
  const missing = (key: string): undefined =>
    void problems.push({ code: 'intent-key', message: `${name(key)} is missing` });
  return {
    problems,
    missing,
    has,
    refuse,
    items,
    required(key, parse) {
      if (has(key)) return parsed(key, object[key], parse);
      return missing(key);
    },
    optional: (key, parse) => (has(key) ? parsed(key, object[key], parse) : undefined),
    list: (key, parse) =>
      items(key)
        .map((text) => parsed(key, text, parse))
        .filter((each) => each !== undefined),
    integer(key, { min, max }) {
      if (!has(key)) return undefined;
      const given = object[key];
      const number = typeof given === 'string' && /^[0-9]{1,9}$/.test(given) ? Number(given) : given;
      if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
      return refuseValue(key, `${quote(show(given))} is not a whole number from ${min} to ${max}`);
    },
    choice(key, choices) {
      if (!has(key)) return undefined;
      const found = choices.find((choice) => choice === object[key]);
      return found ?? refuseValue(key, `${quote(show(object[key]))} is none of ${choices.join(', ')}`);
    },
    flag(key) {
      if (!has(key)) return false;
      if (typeof object[key] === 'boolean') return object[key];
      refuseValue(key, 'true or false is needed here');
      return false;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
