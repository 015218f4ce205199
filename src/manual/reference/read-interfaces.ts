export interface FieldEntry {
  readonly name: string;
  readonly optional: boolean;
  /** As it is written, without what is in braces. */
  readonly type: string;
  readonly comment: string;
  /** Of the object in the type, where it has one that is written out. */
  readonly fields: readonly FieldEntry[];
}

/** The exported interfaces of a source file with their fields; comments are those in front of a field. */
export function readInterfaces(source: string): ReadonlyMap<string, readonly FieldEntry[]> {
  const found = new Map<string, readonly FieldEntry[]>();
  for (const match of source.matchAll(/^export interface (\w+)[^{]*\{/gm)) {
    found.set(match[1]!, readFields(bodyFrom(source, match.index + match[0].length)));
  }
  return found;
}

/** Up to the brace that closes it. */
function bodyFrom(source: string, start: number): string {
  let depth = 1;
  for (let at = start; at < source.length; at++) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}' && --depth === 0) return source.slice(start, at);
  }
  throw new Error('a brace is not closed');
}

function readFields(body: string): FieldEntry[] {
  const fields: FieldEntry[] = [];
  const start = /\s*(?:\/\*\*\s*(.*?)\s*\*\/\s*)?readonly (\w+)(\??):\s*/sy;
  while (start.lastIndex < body.length) {
    const [, comment = '', name = '', optional = ''] = start.exec(body) ?? [];
    if (name === '') break;
    const end = endOfType(body, start.lastIndex || body.length);
    const text = body.slice(start.lastIndex, end);
    const brace = text.indexOf('{');
    fields.push({
      name,
      optional: optional !== '',
      type: text
        .replace(/\{.*\}/s, '{}')
        .replaceAll('readonly ', '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
      comment: comment.replaceAll(/\s*\n\s*\*\s*/g, ' ').replace(/^\*\s*/, ''),
      fields: brace < 0 ? [] : readFields(bodyFrom(text, brace + 1)),
    });
    start.lastIndex = end + 1;
  }
  return fields;
}

/** At the semicolon that ends a field, or at the end. */
function endOfType(body: string, from: number): number {
  let depth = 0;
  for (let at = from; at < body.length; at++) {
    if (body[at] === '{') depth++;
    else if (body[at] === '}') depth--;
    else if (body[at] === ';' && depth === 0) return at;
  }
  return body.length;
}
