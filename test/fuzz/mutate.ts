import type { Random } from '../faults/random.ts';

/** Longer ones are cut: what takes long for its length is found in these too, and a few of them are enough for that. */
const longest = { usual: 2000, seldom: 40_000 };

const everywhere = [
  '\0',
  '\n',
  '\r',
  '"',
  "'",
  '\\',
  '$(id)',
  '`id`',
  '%',
  '#',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '::',
  '/',
  '/129',
  '-1',
  '0',
  '4294967296',
  '1e999',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  '\u{1f4a9}',
  '\ud800',
  '\u202e',
  '\ufeff',
  ' ',
  '\t',
  '../',
  '*',
  '<<',
  '&a',
  '*a',
  '!!js',
  '---',
  'fd12:3456:789a::/58',
  '::ffff:1.2.3.4',
  'eth0',
  '2002:c000:201::',
];

/** One of the texts, changed a little or a lot; also joined with another one. */
export function mutate(corpus: readonly string[], words: readonly string[], random: Random): string {
  let text = random.pick(corpus);
  const limit = random.chance(3) ? longest.seldom : Math.max(longest.usual, Math.ceil(text.length * 1.2));
  if (/^\s*[[{]/.test(text) && random.chance(40)) text = mutateJson(text, corpus, random);
  for (let changes = 1 + random.below(random.chance(20) ? 30 : 4); changes > 0; changes--) {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(random.chance(80) ? 8 : 400));
    switch (random.below(9)) {
      case 0:
        text = text.slice(0, at) + text.slice(end);
        break;
      case 1:
        text = text.slice(0, at) + random.pick(everywhere) + text.slice(at);
        break;
      case 2:
        text = text.slice(0, at) + random.pick(everywhere) + text.slice(end);
        break;
      case 3:
        text =
          text.slice(0, at) + (words.length > 0 ? random.pick(words) : '') + text.slice(random.chance(50) ? at : end);
        break;
      case 4:
        text =
          text.slice(0, at) +
          text.slice(at, end).repeat(1 + random.below(random.chance(5) ? 5000 : 4)) +
          text.slice(end);
        break;
      case 5:
        text =
          text.slice(0, at) + String.fromCharCode(random.below(random.chance(70) ? 128 : 0x10000)) + text.slice(at + 1);
        break;
      case 6: {
        const other = random.pick(corpus);
        const from = random.below(other.length + 1);
        text = text.slice(0, at) + other.slice(from, from + random.below(200)) + text.slice(end);
        break;
      }
      case 7:
        text = text.slice(0, at);
        break;
      default:
        text =
          text.slice(0, at) +
          text
            .slice(at)
            .replace(/\d+/, () =>
              random.pick([
                '0',
                '1',
                '-1',
                '65536',
                '4294967295',
                '4294967296',
                '9007199254740993',
                '1e400',
                '00',
                '0x10',
              ]),
            );
        break;
    }
    text = text.slice(0, limit);
  }
  return text;
}

const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  '',
  '\0',
  [],
  {},
  [[]],
  '__proto__',
  { toString: 1 },
  { length: 5 },
  'fd12::/8',
  [null],
  Array.from({ length: 50 }, () => ({})),
];

/** Another value in the place of one, anywhere in the tree; keys come and go. */
function mutateJson(text: string, corpus: readonly string[], random: Random): string {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return text;
  }
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || places.length > 2000) return;
    for (const [key, value] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk(value);
    }
  };
  walk(root);
  for (let changes = 1 + random.below(3); changes > 0 && places.length > 0; changes--) {
    const [node, key] = random.pick(places);
    const how = random.below(100);
    if (how < 20) delete node[key];
    else if (how < 35) node[random.pick(['x', key.toUpperCase(), 'dst', 'rule', 'elem'])] = random.pick(odd);
    else if (how < 60) node[key] = random.pick(places)[0][random.pick(places)[1]];
    else node[key] = random.pick(odd);
  }
  try {
    return JSON.stringify(root) ?? '';
  } catch {
    return random.pick(corpus); // a circle
  }
}
