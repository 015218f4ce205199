import type { DhcpcdOption } from '../../engine/doctor/host-facts.ts';

/**
 * Reads dhcpcd.conf as dhcpcd does (if-options.c): a line an option, `#` and `;` begin remarks where a line begins, a
 * backslash at its end joins the next one, `interface NAME` begins a block that ends with the next one, `ssid` and
 * `profile` begin blocks of their own, which say nothing of interfaces here and are left out.
 */
export function parseDhcpcdConfig(text: string): DhcpcdOption[] {
  const options: DhcpcdOption[] = [];
  let block: { interface?: string } | undefined = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let line = lines[index]!;
    while (line.endsWith('\\') && index + 1 < lines.length) line = line.slice(0, -1) + lines[++index]!;
    const [, name, value = ''] = /^\s*([^\s#;][^\s]*)\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    if (name === 'interface') block = { interface: value };
    else if (name === 'ssid' || name === 'profile') block = undefined;
    else if (block) options.push({ line: number, name, value, ...block });
  }
  return options;
}
