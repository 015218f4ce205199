import { shellWord } from '../../core/shell-word.ts';
import { ok, problem, warning, type Check, type Finding } from './finding.ts';
import type { DhcpcdOption } from './host-facts.ts';

const id = 'dhcpcd-version';

/**
 * What an option means differs with the version of dhcpcd.
 *
 * | option             | from    | before                                                                     |
 * | ------------------ | ------- | -------------------------------------------------------------------------- |
 * | `ia_pd ... -`      | 10.0.6  | an interface named `-` that is waited for                                    |
 * | `duid VALUE`       | 9.3     | the value is not taken: the client has another identity than it says         |
 * | `noauthrequired`   |         | in all: every neighbour who knows the DUID can make it renew again and again |
 *
 * One finding, of the gravest.
 */
export const dhcpcdVersion: Check = {
  id,
  group: 'prefix',
  needsConfig: true,
  judge({ tools, dhcpcdConfig }, config) {
    const uplinks = config.uplinks.filter(({ source }) => source.from === 'dhcpcd');
    const version = tools.get('dhcpcd');
    // What cannot be read is said by the checks of the tool and of its configuration.
    if (uplinks.length === 0 || !version?.known || !version.value) return [];
    if (!dhcpcdConfig.known || !dhcpcdConfig.value) return [];
    const { path, options } = dhcpcdConfig.value;
    const traps = options.flatMap((option) => judge(option, path, version.value!));
    const gravest = traps.find(({ result }) => result === 'problem') ?? traps[0];
    return [gravest ?? ok(id, `${path} says nothing that dhcpcd ${version.value} takes otherwise`)];
  },
};

function judge(option: DhcpcdOption, path: string, version: string): Finding[] {
  const place = `${path}:${option.line}`;
  const { name, value, interface: block } = option;
  if (name === 'ia_pd' && /\s-(\s|$)/.test(value) && isBefore(version, [10, 0, 6])) {
    const found = `${place}: "-" in ia_pd is known from dhcpcd 10.0.6 on; ${version} takes it for an interface`;
    const on = block === undefined ? 'INTERFACE' : shellWord(block);
    const length = /\/(\d+)\s/.exec(value)?.[1] ?? '56';
    const mend = `sixgate generate uplink --for dhcpcd --interface ${on} --length ${length}  # writes what this version takes`;
    return [problem(id, found, mend)];
  }
  if (name === 'duid' && value.includes(':') && isBefore(version, [9, 3, 0])) {
    const found = `${place}: dhcpcd ${version} does not take a DUID from its configuration, 9.3 and newer do`;
    return [problem(id, found, 'Put it into /var/lib/dhcpcd/duid, or upgrade dhcpcd.')];
  }
  if (name === 'noauthrequired') {
    const found = `${place}: with "noauthrequired" every neighbour who knows the DUID makes dhcpcd renew whenever it likes`;
    return [warning(id, found, 'Remove that line: sixgate learns of a new prefix from router advertisements.')];
  }
  return [];
}

function isBefore(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, part] of wanted.entries()) {
    const have = parts[index] ?? 0;
    if (have !== part) return have < part;
  }
  return false;
}
