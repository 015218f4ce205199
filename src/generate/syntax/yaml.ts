export type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Block style, two blanks a level; strings in double quotes wherever YAML 1.1 or 1.2 could read them as something else. */
export function formatYaml(value: YamlValue, indent = ''): string {
  if (isList(value)) return value.map((item) => `${indent}- ${formatItem(item, `${indent}  `)}`).join('');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, member]) => `${indent}${formatScalar(key)}:${formatMember(member, `${indent}  `)}`)
      .join('');
  }
  return `${indent}${formatScalar(value)}\n`;
}

function formatMember(value: YamlValue, indent: string): string {
  if (isList(value)) return value.length === 0 ? ' []\n' : `\n${formatYaml(value, indent)}`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? ' {}\n' : `\n${formatYaml(value, indent)}`;
  return ` ${formatScalar(value)}\n`;
}

function formatItem(value: YamlValue, indent: string): string {
  if (typeof value !== 'object') return `${formatScalar(value)}\n`;
  const text = formatYaml(value, indent);
  if (text === '') return isList(value) ? '[]\n' : '{}\n';
  return text.slice(indent.length);
}

function formatScalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  // Words that no version of YAML reads as a number, a truth value or a null; JSON's escapes are YAML's too.
  const plain = /^[A-Za-z][A-Za-z0-9-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null|e[-0-9]+)$/i.test(value);
  return plain ? value : JSON.stringify(value).replace(/[\u007f-\uffff]/g, escape);
}

function escape(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
