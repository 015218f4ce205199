import { code, page, sentence, table } from './markdown.ts';
import { readInterfaces, type FieldEntry } from './read-interfaces.ts';

/** docs/reference/status-json.md, from the declarations in the given sources. */
export function statusReference(sources: readonly string[]): string {
  const interfaces = new Map(sources.flatMap((source) => [...readInterfaces(source)]));
  const status = interfaces.get('Status')?.find(({ name }) => name === 'daemon');
  return page(
    'Fields of the status',
    'What `sixgate status --json` prints, `/api/status` answers and `/run/sixgate/state.json` holds. Times are ISO 8601 in UTC; `null` for ' +
      'an end is "for ever". Fields are added, never renamed; `schemaVersion` counts what would break a reader.',
    table(['field', 'type', 'is'], rows(interfaces.get('Report') ?? [], '')),
    'The command line and the web server add to `daemon`:',
    table(['field', 'type', 'is'], rows(status?.fields ?? [], 'daemon.')),
  );

  function rows(fields: readonly FieldEntry[], path: string): string[][] {
    return fields.flatMap((field) => {
      const name = path + field.name;
      const named = interfaces.get(/^(\w+)(?:\[\])?(?: \| null)?$/.exec(field.type)?.[1] ?? '');
      const below = field.fields.length > 0 ? field.fields : (named ?? []);
      const isList = field.type.includes('[]');
      const type = field.type.replace(/^\w+(?=\[\]| \| null|$)/, (word) => (interfaces.has(word) ? '{}' : word));
      return [
        [code(name), code(`${type}${field.optional ? ', may be missing' : ''}`), sentence(field.comment)],
        ...rows(below, `${name}${isList ? '[]' : ''}.`),
      ];
    });
  }
}
