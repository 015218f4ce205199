import type { Field } from './field.ts';
import { isSet, rowsOf, textOf, type Values } from './values.ts';

/** What `--intent` takes. */
export type Intent = Readonly<Record<string, unknown>>;

export function isShown(field: Field, values: Values): boolean {
  return field.when === undefined || field.when(values);
}

/** The intent that a form stands for: what is empty, hidden or as by default is left out. */
export function deriveIntent(fields: readonly Field[], values: Values): Intent {
  const intent: Record<string, unknown> = {};
  for (const field of fields) {
    if (!isShown(field, values)) continue;
    const text = textOf(values, field.key);
    if (field.kind === 'flag') {
      if (isSet(values, field.key)) intent[field.key] = true;
    } else if (field.kind === 'rows') {
      const items = rowsOf(values, field.key).map(field.format);
      if (items.length > 0) intent[field.key] = items;
    } else if (field.kind === 'choice') {
      if (field.outside !== true && text !== '' && text !== field.choices[0]?.value) intent[field.key] = text;
    } else if (text !== '') {
      intent[field.key] = field.numeric === true && /^(0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : text;
    }
  }
  return intent;
}

/** The inverse, for an intent from elsewhere; tells the keys that the form cannot hold. */
export function readIntentValues(
  fields: readonly Field[],
  intent: Intent,
): { values: Values; lost: readonly string[] } {
  const values: Record<string, string | readonly Record<string, string>[]> = {};
  const lost: string[] = [];
  for (const [key, value] of Object.entries(intent)) {
    const field = fields.find((each) => each.key === key);
    if (key === 'kind' || value === null) continue;
    const simple = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    if (field?.kind === 'flag' && typeof value === 'boolean') values[key] = value ? 'yes' : '';
    else if (field?.kind === 'rows') {
      const rows = (Array.isArray(value) ? (value as unknown[]) : [value]).map(field.parse);
      if (rows.some((row) => row === undefined)) lost.push(key);
      else values[key] = rows.filter((row) => row !== undefined);
    } else if (simple !== undefined && (field?.kind === 'text' || isChoice(field, simple))) values[key] = simple;
    else lost.push(key);
  }
  return { values, lost };
}

function isChoice(field: Field | undefined, text: string): boolean {
  return field?.kind === 'choice' && field.outside !== true && field.choices.some(({ value }) => value === text);
}
