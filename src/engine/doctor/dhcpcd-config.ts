import { shellWord } from '../../core/shell-word.ts';
import type { Uplink } from '../config.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { DhcpcdConfig, DhcpcdOption } from './host-facts.ts';

export const dhcpcdConfig: Check = {
  id: 'dhcpcd-config',
  group: 'prefix',
  needsConfig: true,
  judge({ dhcpcdConfig: read }, config) {
    return config.uplinks.flatMap((uplink): Finding[] => {
      if (uplink.source.from !== 'dhcpcd') return [];
      const id = `dhcpcd-config:${uplink.interface}`;
      if (!read.known) return [unknown(id, "dhcpcd's configuration", read.why)];
      if (!read.value)
        return [unknown(id, "dhcpcd's configuration", 'there is no such file; name it with --dhcpcd-conf')];
      const findings = judge(id, uplink, uplink.source.length, read.value);
      return findings.length > 0 ? findings : [ok(id, `${read.value.path} asks for a prefix on ${uplink.interface}`)];
    });
  },
};

function judge(id: string, { interface: name }: Uplink, length: number | undefined, file: DhcpcdConfig): Finding[] {
  const findings: Finding[] = [];
  const here = file.options.filter((option) => option.interface === undefined || option.interface === name);
  const named = (wanted: string): DhcpcdOption | undefined => here.find((option) => option.name === wanted);
  const place = (option: DhcpcdOption): string => `${file.path}:${option.line}`;

  const script = file.options.find((option) => option.name === 'script' && option.interface !== undefined);
  if (script) {
    const found = `${place(script)}: "script" stands in the block of ${script.interface}, which dhcpcd 9.1 and newer refuse: the hook never runs`;
    findings.push(
      problem(`${id}:script`, found, `Move the line "script ${script.value}" before the first "interface".`),
    );
  }
  for (const off of ['noipv6', 'nodhcp6']) {
    const option = named(off);
    if (option)
      findings.push(problem(`${id}:${off}`, `${place(option)}: "${off}" turns DHCPv6 off`, 'Remove that line.'));
  }
  const denied = here.find(({ name: option, value }) => option === 'denyinterfaces' && lists(value, name));
  const allowed = here.find(({ name: option, value }) => option === 'allowinterfaces' && !lists(value, name));
  const kept = denied ?? allowed;
  if (kept) {
    const found = `${place(kept)}: "${kept.name} ${kept.value}" keeps dhcpcd away from ${name}`;
    findings.push(problem(`${id}:interfaces`, found, `Change that line so that ${name} is served.`));
  }
  const wanted = `ia_pd 1/::${length === undefined ? '' : `/${length}`}`;
  const asked = named('ia_pd');
  if (!asked) {
    const options = `--interface ${shellWord(name)} --length ${length ?? 56}`;
    const mend = `sixgate generate uplink --for dhcpcd ${options}  # writes the lines that it needs`;
    findings.push(problem(`${id}:ia-pd`, `${file.path} asks for no prefix on ${name} (ia_pd)`, mend));
  }
  const hint = asked && /^\S*?\/[^\s/]*\/(\d+)/.exec(asked.value)?.[1];
  if (asked && hint !== undefined && length !== undefined && Number(hint) !== length) {
    const found = `${place(asked)} asks for a /${hint}, and the configuration of sixgate says /${length}`;
    findings.push(warning(`${id}:length`, found, `Write ${wanted} there, or "length: ${hint}" here.`));
  }
  return findings;
}

/** dhcpcd's lists of interfaces hold shell patterns; only `*` is read here. */
function lists(value: string, name: string): boolean {
  return value.split(/\s+/).some((pattern) => {
    if (!pattern.includes('*')) return pattern === name;
    const [start = '', ...rest] = pattern.split('*');
    return name.startsWith(start) && name.endsWith(rest.at(-1) ?? '');
  });
}
