import type { Problem } from '../../core/problem.ts';
import type { NameKey } from '../../generate/intent/intent-fields.ts';

/** A problem and the field where it is to be mended; undefined where no field is to blame. */
export interface FieldProblem {
  readonly field: string | undefined;
  readonly message: string;
  readonly mend?: string;
}

// Characters for private use: nobody types them, and quote() lets them pass in no key.
const [open, close] = ['\u{e000}', '\u{e001}'];

/** Marks the keys in messages, so that the fields they are about can be found. */
export const markKey: NameKey = (key) => `${open}${key}${close}`;

/** Marks taken out: at the front they say which field, elsewhere the option's name stands in their place. */
export function readMarks({ message, mend }: Problem, name: NameKey): FieldProblem {
  const found = new RegExp(`^${open}([^${close}]*)${close}`, 'u').exec(message);
  const field = found?.[1];
  const rest = found ? message.slice(found[0].length).replace(/^: /, '') : message;
  const told = field !== undefined && rest === ' is missing' ? `${name(field)} is missing` : rest;
  const unmark = (text: string): string =>
    text.replaceAll(new RegExp(`${open}([^${close}]*)${close}`, 'gu'), (_, key: string) => name(key));
  return { field, message: unmark(told), ...(mend !== undefined && { mend: unmark(mend) }) };
}
