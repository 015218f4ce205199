import type { Row, Values } from './values.ts';

/** Where a reader of the page is: everything that the page shows follows from it. */
export interface Place {
  readonly kind: string;
  readonly target: string;
  readonly values: Values;
}

/** `#6to4/networkd?ipv4=203.0.113.4&subnet.0.id=1`: readable, and the same place for the same text. */
export function formatFragment({ kind, target, values }: Place): string {
  const pairs = Object.entries(values).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'string') return value === '' ? [] : [[key, value]];
    return value.flatMap((row, index) => {
      const cells = Object.entries(row).filter(([, text]) => text !== '');
      // A row of nothing but empty cells is still a row.
      if (cells.length === 0) return [[`${key}.${index}`, ''] as [string, string]];
      return cells.map(([column, text]): [string, string] => [`${key}.${index}.${column}`, text]);
    });
  });
  const query = pairs.map(([key, text]) => `${encode(key)}=${encode(text)}`).join('&');
  return `#${encode(kind)}/${encode(target)}${query === '' ? '?' : `?${query}`}`;
}

/** What cannot be read is left out; undefined values mean that the fragment holds no form, only a place. */
export function parseFragment(fragment: string): { kind: string; target: string; values: Values | undefined } {
  const text = fragment.replace(/^#/, '');
  const question = text.indexOf('?');
  const [kind = '', target = ''] = (question < 0 ? text : text.slice(0, question)).split('/').map(decode);
  if (question < 0) return { kind, target, values: undefined };
  const values: Record<string, string | Row[]> = Object.create(null);
  for (const pair of text.slice(question + 1).split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const value = decode(pair.slice(equals + 1));
    const [key = '', index, column] = decode(pair.slice(0, equals)).split('.');
    if (index === undefined) {
      values[key] = value;
      continue;
    }
    if (!/^[0-9]{1,3}$/.test(index)) continue;
    const there = values[key];
    const rows = Array.isArray(there) ? there : (values[key] = []);
    while (rows.length <= Number(index)) rows.push({});
    if (column !== undefined) rows[Number(index)] = { ...rows[Number(index)], [column]: value };
  }
  return { kind, target, values: { ...values } };
}

/** What is common in addresses stays readable. Half a surrogate pair cannot be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\u{fffd}'))
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll('%2C', ',');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
