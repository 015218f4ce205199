import { shellWord } from '../../core/shell-word.ts';
import type { Field } from '../form/field.ts';
import { isShown } from '../form/intent.ts';
import { isSet, rowsOf, textOf, type Values } from '../form/values.ts';

/** `ipv4MaskLength` as the option that it is. */
export function optionName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The command that does the same as the form. */
export function formatCommand(kind: string, target: string, fields: readonly Field[], values: Values): string {
  const words = ['sixgate', 'generate', kind, '--for', target];
  for (const field of fields) {
    if (!isShown(field, values)) continue;
    const text = textOf(values, field.key);
    const name = optionName(field.key);
    if (field.kind === 'flag') {
      if (isSet(values, field.key)) words.push(name);
    } else if (field.kind === 'rows') {
      for (const row of rowsOf(values, field.key)) words.push(...option(name, String(field.format(row))));
    } else if (text !== '' && !(field.kind === 'choice' && text === field.choices[0]?.value)) {
      words.push(...option(name, text));
    }
  }
  return words.join(' ');
}

/** A value that begins with "-" would be read as an option. */
function option(name: string, value: string): string[] {
  return value.startsWith('-') ? [shellWord(`${name}=${value}`)] : [name, shellWord(value)];
}
