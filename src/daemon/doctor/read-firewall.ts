import { parseIp6tablesSave, type IptablesProgram } from '../../backend/firewall/parse-ip6tables-save.ts';
import { parseNftTable } from '../../backend/firewall/parse-nft-table.ts';
import { chainPrefix } from '../../backend/ip6tables/chain-names.ts';
import { listTables, parseTableList } from '../../backend/nft/parse-table.ts';
import type { FirewallFact } from '../../engine/doctor/host-facts.ts';
import type { FirewallRule, FirewallTable } from '../../engine/firewall/firewall.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Host, Processes } from '../../host/host.ts';
import { knownFact, readFact } from './read-fact.ts';

interface Family {
  /** Of the tables of nft that such packets pass. */
  readonly tables: RegExp;
  /** What iptables-nft manages. */
  readonly nft: 'ip' | 'ip6';
  readonly iptables: 'iptables' | 'ip6tables';
  readonly legacyNames: string;
}

const families: Readonly<Record<'ipv4' | 'ipv6', Family>> = {
  ipv6: { tables: /^(inet|ip6) /, nft: 'ip6', iptables: 'ip6tables', legacyNames: '/proc/net/ip6_tables_names' },
  ipv4: { tables: /^(inet|ip) /, nft: 'ip', iptables: 'iptables', legacyNames: '/proc/net/ip_tables_names' },
};

/** Not the filters of tunnels, `ip6 sixgate_NAME`: they are the admin's own, made once. */
const ours = /^(inet sixgate|ip6 sixgate$)/;

/**
 * Every table of others that packets of this family pass. One by one, since nft 1.0.6 prints rubbish in JSON for tables
 * with flags. What iptables manages is read with its own tool, since nft shows extensions by name only.
 */
export async function readFirewall(
  { processes, files }: Host,
  family: 'ipv4' | 'ipv6' = 'ipv6',
): Promise<Read<FirewallFact>> {
  const { tables: wanted, nft, iptables, legacyNames: namesPath } = families[family];
  const names = await readFact(processes, listTables, parseTableList);
  if (!names.known) return names;
  const foreign = names.value.filter((name) => wanted.test(name) && !ours.test(name));
  const legacyNames = await files.read(namesPath);
  const hasManaged = foreign.some((name) => name.startsWith(`${nft} `));
  const hasLegacy = legacyNames.ok && (legacyNames.value ?? '').trim() !== '';
  const [each, managed, legacy] = await Promise.all([
    Promise.all(foreign.map((name) => readTable(processes, name))),
    hasManaged ? readSaved(processes, [`${iptables}-nft-save`, `${iptables}-save`], iptables) : knownFact([]),
    hasLegacy ? readSaved(processes, [`${iptables}-legacy-save`], `${iptables}-legacy`) : knownFact([]),
  ]);
  const tables: FirewallTable[] = [];
  const unread: { name: string; why: string }[] = [];
  for (const { name, read } of each) {
    // A table of that name that iptables did not make is not in what it saves.
    const saved = managed.known
      ? managed.value.find((table) => table.name === name.replace(`${nft} `, `${iptables} `))
      : undefined;
    if (saved) tables.push(saved);
    else if (read.known) tables.push(read.value);
    else unread.push({ name, why: read.why });
  }
  if (legacy.known) tables.push(...legacy.value);
  else unread.push({ name: `of ${iptables}-legacy`, why: legacy.why });
  return knownFact({ tables, unread });
}

async function readTable(processes: Processes, name: string): Promise<{ name: string; read: Read<FirewallTable> }> {
  const [family = '', table = ''] = name.split(' ');
  return { name, read: await readFact(processes, ['nft', '-j', 'list', 'table', family, table], parseNftTable) };
}

/** The first of these programs that is there. */
async function readSaved(
  processes: Processes,
  programs: readonly string[],
  owner: IptablesProgram,
): Promise<Read<readonly FirewallTable[]>> {
  let read: Read<readonly FirewallTable[]> = { known: false, why: `there is no ${owner}-save` };
  for (const program of programs) {
    read = await readFact(processes, [program], (text) => knownFact(parseIp6tablesSave(text, owner).map(withoutOurs)));
    if (read.known || read.code !== 'tool-missing') break;
  }
  return read;
}

/** What the backend ip6tables has there is no firewall of others. */
function withoutOurs({ name, chains }: FirewallTable): FirewallTable {
  const isOurs = (chain: string): boolean => chain.startsWith(chainPrefix);
  const foreign = [...chains].filter(([chain]) => !isOurs(chain));
  const callsUs = ({ effect }: FirewallRule): boolean => 'chain' in effect && isOurs(effect.chain);
  return {
    name,
    chains: new Map(
      foreign.map(([key, chain]) => [key, { ...chain, rules: chain.rules.filter((rule) => !callsUs(rule)) }]),
    ),
  };
}
