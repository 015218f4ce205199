/** A section of a systemd unit, a .network file or a keyfile; keys may stand more than once. */
export interface IniSection {
  readonly name: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

/**
 * Sections with an empty line between them. Neither systemd nor GKeyFile has quotes for these values: a line ends them, and
 * systemd takes a backslash at the end for a continuation and "%" for a specifier.
 */
export function formatIni(sections: readonly IniSection[]): string {
  return sections
    .map(({ name, entries }) => {
      const lines = entries.map(([key, value]) => {
        if (!/^[A-Za-z0-9_-]+$/.test(key) || /[\n\r\\%]|^\s|\s$/.test(value)) throw new RangeError(`${key}=${value}`);
        return `${key}=${value}\n`;
      });
      if (!/^[A-Za-z0-9-]+$/.test(name)) throw new RangeError(`[${name}]`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}
