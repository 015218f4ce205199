import { parseIp6tablesSave } from '../../backend/firewall/parse-ip6tables-save.ts';
import { parseNftTable } from '../../backend/firewall/parse-nft-table.ts';
import { parseTableList } from '../../backend/nft/parse-table.ts';
import type { FirewallFact } from '../../engine/doctor/host-facts.ts';
import type { FirewallTable } from '../../engine/firewall/firewall.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Host, Processes } from '../../host/host.ts';
import { knownFact, readFact } from './read-fact.ts';

/**
 * Every table of others that IPv6 packets pass. One by one, since nft 1.0.6 prints rubbish in JSON for tables with
 * flags. What iptables manages is read with its own tool, since nft shows extensions by name only.
 */
export async function readFirewall({ processes, files }: Host): Promise<Read<FirewallFact>> {
  const names = await readFact(processes, ['nft', 'list', 'tables'], parseTableList);
  if (!names.known) return names;
  const foreign = names.value.filter((name) => /^(inet|ip6) (?!sixgate)/.test(name));
  const legacyNames = await files.read('/proc/net/ip6_tables_names');
  const hasManaged = foreign.some((name) => name.startsWith('ip6 '));
  const hasLegacy = legacyNames.ok && (legacyNames.value ?? '').trim() !== '';
  const [each, managed, legacy] = await Promise.all([
    Promise.all(foreign.map((name) => readTable(processes, name))),
    hasManaged ? readSaved(processes, ['ip6tables-nft-save', 'ip6tables-save'], 'ip6tables') : knownFact([]),
    hasLegacy ? readSaved(processes, ['ip6tables-legacy-save'], 'ip6tables-legacy') : knownFact([]),
  ]);
  const tables: FirewallTable[] = [];
  const unread: { name: string; why: string }[] = [];
  for (const { name, read } of each) {
    // A table of that name that iptables did not make is not in what it saves.
    const saved = managed.known
      ? managed.value.find((table) => table.name === name.replace('ip6 ', 'ip6tables '))
      : undefined;
    if (saved) tables.push(saved);
    else if (read.known) tables.push(read.value);
    else unread.push({ name, why: read.why });
  }
  if (legacy.known) tables.push(...legacy.value);
  else unread.push({ name: 'of ip6tables-legacy', why: legacy.why });
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
  owner: 'ip6tables' | 'ip6tables-legacy',
): Promise<Read<readonly FirewallTable[]>> {
  let read: Read<readonly FirewallTable[]> = { known: false, why: 'there is no ip6tables-save' };
  for (const program of programs) {
    read = await readFact(processes, [program], (text) => knownFact(parseIp6tablesSave(text, owner)));
    if (read.known || read.code !== 'tool-missing') break;
  }
  return read;
}
