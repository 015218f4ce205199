import { shellWord } from '../../core/shell-word.ts';
import type { FirewallTable } from '../firewall/firewall.ts';
import { judgePacket, type Judgement, type Packet } from '../firewall/judge-packet.ts';
import { findOwner } from './firewall-owner.ts';
import { ok, problem, unknown, type Finding } from './finding.ts';
import type { FirewallFact } from './host-facts.ts';
import type { Read } from '../kernel-state.ts';

export interface Question {
  readonly packet: Packet;
  /** What it is, as in `the answers of the DHCPv6 server on eth0`. */
  readonly what: string;
  /** A rule that lets it pass, for nft and for ip6tables, or iptables where it is IPv4. */
  readonly nft: string;
  readonly ip6tables: string;
  /** How the owner of the table is told; a rule where left out. */
  readonly ufw?: string;
  readonly firewalld?: (zoneOf: (link: string) => string) => string;
}

/** One finding for all these packets: the first that is stopped, then the first that cannot be told. */
export function judgeFirewall(
  id: string,
  firewall: Read<FirewallFact>,
  questions: readonly Question[],
  passes: string,
): Finding {
  if (!firewall.known) return unknown(id, 'the firewall', firewall.why);
  const { tables, unread } = firewall.value;
  const judged = questions.flatMap((question) =>
    tables.map((table) => ({ question, table, judgement: judgePacket(table, question.packet) })),
  );
  const stopped = judged.find(({ judgement }) => judgement.verdict === 'stopped');
  if (stopped) {
    const { question, table, judgement } = stopped;
    const found = `${judgement.where} drops ${question.what}`;
    return problem(id, found, passRule(table, judgement, question));
  }
  const unclear = judged.find(({ judgement }) => judgement.verdict === 'unclear');
  if (unclear) {
    const { question, table, judgement } = unclear;
    const found = `whether ${judgement.where} lets ${question.what} pass cannot be told: a rule that decides is not understood here`;
    return { id, result: 'unknown', found, mend: `See that it has: ${passRule(table, judgement, question)}` };
  }
  const [first] = unread;
  if (first) return unknown(id, `table ${first.name}`, first.why);
  return ok(id, passes);
}

function passRule(table: FirewallTable, { chain }: Judgement, { nft, ip6tables, ufw, firewalld }: Question): string {
  const [program = '', name = ''] = table.name.split(' ');
  const owner = findOwner(table);
  if (owner?.is === 'ufw' && ufw !== undefined) return ufw;
  if (owner?.is === 'firewalld' && firewalld !== undefined) return firewalld(owner.zoneOf);
  if (!/^ip6?tables/.test(program)) return `nft insert rule ${table.name} ${shellWord(chain)} ${shellWord(nft)}`;
  // Docker keeps what is in that chain, and comes to it before its own rules.
  const into = owner?.is === 'docker' && chain === 'FORWARD' ? 'DOCKER-USER' : chain;
  return `${program} ${name === 'filter' ? '' : `-t ${name} `}-I ${into} ${ip6tables} -j ACCEPT`;
}
