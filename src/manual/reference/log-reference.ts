import { code, page, sentence, table } from './markdown.ts';
import { readInterfaces } from './read-interfaces.ts';

/** docs/reference/log.md, from the declaration in `source`, src/daemon/log.ts. */
export function logReference(source: string): string {
  const fields = readInterfaces(source).get('LogFields') ?? [];
  return page(
    'Lines of the log',
    'What `sixgate run --log-format json` writes: one object a line. [The other formats](../operating.md#what-the-log-says) ' +
      'have the time, the sentence and what to do.',
    table(
      ['field', 'type', 'is'],
      [
        ['`time`', '`string`', 'ISO 8601 in UTC.'],
        ['`level`', "`'info' | 'warning' | 'error'`", 'How much it counts.'],
        ['`message`', '`string`', 'What happened, one sentence.'],
        ...fields.map(({ name, optional, type, comment }) => [
          code(name),
          code(`${type}${optional ? ', may be missing' : ''}`),
          sentence(comment),
        ]),
      ],
    ),
  );
}
