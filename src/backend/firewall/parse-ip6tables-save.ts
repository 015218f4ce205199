import type {
  ChainBase,
  Condition,
  Effect,
  Field,
  FirewallRule,
  FirewallTable,
  PacketWork,
  Value,
} from '../../engine/firewall/firewall.ts';
import { readIcmpv6Type, readProtocol } from './icmpv6-types.ts';
import { extensionWork, workOf } from './packet-work.ts';
import { readAddressPrefix } from './read-prefix.ts';

const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };

export type IptablesProgram = 'ip6tables' | 'ip6tables-legacy' | 'iptables' | 'iptables-legacy';

/**
 * Reads what `ip6tables-save` or `iptables-save` prints, all its tables, IPv4 addresses as IPv4-mapped; `program` is what changes them, for their names. Options not known
 * here become `unreadable` conditions.
 */
export function parseIp6tablesSave(text: string, program: IptablesProgram): FirewallTable[] {
  const tables: FirewallTable[] = [];
  let chains = new Map<string, { name: string; base?: ChainBase; rules: FirewallRule[] }>();
  let name = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      name = line.slice(1).trim();
      chains = new Map();
      tables.push({ name: `${program} ${name}`, chains });
    }
    const chain = /^:(\S+) (\S+)/.exec(line);
    if (chain) {
      const base = readBase(name, chain[1]!, chain[2]!);
      chains.set(chain[1]!, { name: chain[1]!, ...(base && { base }), rules: [] });
    }
    const rule = /^-A (\S+) ?(.*)$/.exec(line);
    if (rule) chains.get(rule[1]!)?.rules.push(readRule(splitWords(rule[2]!)));
  }
  return tables;
}

function readBase(table: string, chain: string, policy: string): ChainBase | undefined {
  if (policy === '-') return undefined;
  const hook = chain.toLowerCase();
  const natPriority = hook === 'prerouting' || hook === 'output' ? -100 : 100;
  return {
    type: table === 'nat' ? 'nat' : 'filter',
    hook,
    priority: table === 'nat' ? natPriority : (priorities[table] ?? 0),
    policy: policy === 'DROP' ? 'drop' : 'accept',
  };
}

/** In words; those in double quotes stay one. */
function splitWords(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

const fields: Readonly<Record<string, Field>> = {
  '-i': 'iifname',
  '-o': 'oifname',
  '-p': 'protocol',
  '-s': 'source',
  '-d': 'destination',
  '--sport': 'source port',
  '--sports': 'source port',
  '--dport': 'destination port',
  '--dports': 'destination port',
  '--icmpv6-type': 'icmpv6 type',
  '--ctstate': 'ct state',
  '--state': 'ct state',
};

/** Modules that only bring the options above, or change nothing. */
const plainModules = new Set(['tcp', 'udp', 'icmp6', 'ipv6-icmp', 'conntrack', 'state', 'multiport', 'comment']);

function readRule(words: readonly string[]): FirewallRule {
  const conditions: Condition[] = [];
  const work = new Set<PacketWork | undefined>();
  let effect: Effect = { do: 'none' };
  let negated = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const value = words[index + 1] ?? '';
    const field = fields[word];
    if (word === '!') {
      negated = true;
      continue;
    }
    if (field) {
      conditions.push(readCondition(field, negated, value));
      index++;
    } else if (word === '-m') {
      work.add(extensionWork[value]);
      if (value === 'limit' || value === 'hashlimit') {
        conditions.push({ kind: 'sometimes' });
        while (/^--(hash)?limit/.test(words[index + 2] ?? '')) index += 2;
      } else if (value === 'rt' && words[index + 2] === '--rt-type') {
        // Packets with a routing header are rare, and none that a router has to let pass.
        conditions.push({ kind: 'sometimes' });
        index += 2;
      } else if (value === 'hl' && words[index + 2] === '--hl-eq') {
        // That of neighbour discovery is always 255 (RFC 4861 section 7.1).
        if (words[index + 3] !== '255' || !words.includes('--icmpv6-type')) conditions.push({ kind: 'sometimes' });
        index += 2;
      } else if (!plainModules.has(value)) conditions.push({ kind: 'unreadable' });
      index++;
    } else if (word === '--tcp-flags' && words[index + 2] === 'SYN' && !negated) {
      conditions.push({ kind: 'opening' });
      index += 2;
    } else if (word === '--comment') {
      index++;
    } else if (word === '-j' || word === '-g') {
      effect = readTarget(word, value);
      work.add(extensionWork[value] ?? (words.includes('--restore-mark') ? 'mark' : undefined));
      break; // what follows belongs to the target
    } else if (word.startsWith('-')) {
      conditions.push({ kind: 'unreadable' });
    }
    negated = false;
  }
  return { conditions, effect, ...workOf(work) };
}

const harmless = new Set(['LOG', 'NFLOG', 'MARK', 'CONNMARK', 'TCPMSS', 'CT', 'NOTRACK', 'DSCP', 'SET', 'HL']);
const translating = new Set(['SNAT', 'DNAT', 'MASQUERADE', 'NETMAP', 'REDIRECT', 'SNPT', 'DNPT']);

function readTarget(option: string, target: string): Effect {
  if (option === '-g') return { do: 'goto', chain: target };
  if (target === 'ACCEPT') return { do: 'accept' };
  if (target === 'DROP' || target === 'REJECT') return { do: 'drop' };
  if (target === 'RETURN') return { do: 'return' };
  if (harmless.has(target)) return { do: 'none' };
  if (translating.has(target)) return { do: 'translate' };
  // A chain of one's own, or an extension: a chain that is not there is taken as not readable.
  return { do: 'jump', chain: target };
}

function readCondition(field: Field, negated: boolean, text: string): Condition {
  const values = (field === 'source' || field === 'destination' ? [text] : text.split(',')).map((each) =>
    readValue(field, each),
  );
  if (values.includes(undefined)) return { kind: 'unreadable' };
  if (field === 'ct state' && /[SD]NAT/.test(text)) {
    // Not states but whether conntrack translates; both in one list cannot be told apart here.
    if (!/^[SD]NAT(,[SD]NAT)?$/.test(text)) return { kind: 'unreadable' };
    return { kind: 'field', field: 'ct status', negated, values: values as Value[] };
  }
  return { kind: 'field', field, negated, values: values as Value[] };
}

function readValue(field: Field, text: string): Value | undefined {
  switch (field) {
    case 'source':
    case 'destination': {
      const [address = '', length] = text.split('/');
      if (length !== undefined && !/^\d+$/.test(length)) return undefined;
      const prefix = readAddressPrefix(address, length === undefined ? undefined : Number(length));
      return prefix && { prefix };
    }
    case 'source port':
    case 'destination port': {
      const [first, last] = text.split(':');
      const range = { first: Number(first || 0), last: Number(last === undefined ? first : last || 65_535) };
      return Number.isInteger(range.first) && Number.isInteger(range.last) ? range : undefined;
    }
    case 'icmpv6 type': {
      // "1/4" names a code as well, so that it holds for some of the type only.
      const type = text.includes('/') ? undefined : readIcmpv6Type(text);
      return type === undefined ? undefined : { first: type, last: type };
    }
    case 'protocol':
      return { text: readProtocol(text) };
    case 'ct state':
      return { text: text.toLowerCase() };
    default:
      return { text: text.endsWith('+') ? `${text.slice(0, -1)}*` : text };
  }
}
