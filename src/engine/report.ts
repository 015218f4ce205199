import type { Instant } from '../core/instant.ts';
import { formatIpv6 } from '../core/ipv6.ts';
import type { MappingMode } from '../core/map-address.ts';
import { formatPrefix } from '../core/prefix.ts';
import type { ProblemCode } from '../core/problem-codes.ts';
import { sameItems } from '../core/remember-last.ts';
import { rememberOnce } from '../core/remember-once.ts';
import { formatPortRange, type Subnet, type Translation } from './config.ts';
import type { Delegation } from './delegation.ts';
import type { Desired } from './desired.ts';
import type { Mapping } from './mapping.ts';
import type { NodeIdentity } from './node-identity.ts';
import type { Durations } from './durations.ts';
import type { HistoryEntry } from './prefix-history.ts';
import { standsBy, type Role } from './role.ts';
import type { StandingProblem } from './standing-problems.ts';
import { watchedUplinks } from './routing.ts';
import type { UplinkChoice } from './steering.ts';
import type { UplinkHealth } from './uplink-health.ts';
import { delegationRounds } from './delegation-rounds.ts';
import { servedInterfaces, type ServedInterface } from './xen/served-interface.ts';
import type { VifState } from './xen/vif-state.ts';

/** What the command line, the log and the page show. Instants are ISO 8601 in UTC, `null` is "for ever". */
export interface Report {
  readonly schemaVersion: 1;
  readonly written: string;
  readonly daemon: {
    readonly pid: number;
    readonly since: string;
    readonly version: string;
    readonly guardHeld: boolean;
    /** It writes at least once in this many seconds; a report that is much older is from one that hangs or is gone. */
    readonly reportsEvery: number;
  };
  /** Which one of two routers this is, null for one that is alone; `since` is null before anybody said so. */
  readonly failover: { readonly state: Role['is']; readonly since: string | null } | null;
  /** By what a provider knows it, and which configuration it has; see "sixgate doctor --peer". */
  readonly identity: NodeIdentity | null;
  readonly uplinks: readonly UplinkReport[];
  readonly networks: readonly NetworkReport[];
  readonly mappings: readonly MappingReport[];
  /** Whether the last look at the kernel found these mappings there, or the last change put them there. */
  readonly inForce: boolean;
  /** Between which interfaces established flows pass by the rules; left out where none do. */
  readonly offload?: { readonly interfaces: readonly string[] };
  readonly translations: readonly TranslationReport[];
  /** Who has the rules; left out: nftables. */
  readonly backend?: 'ip6tables';
  /** Packets that the guard stopped, by counter. */
  readonly guard: Readonly<Record<string, number>>;
  readonly activity: Activity;
  /** The last prefixes of all uplinks, newest last. */
  readonly history: readonly HistoryEntry[];
  readonly problems: readonly ProblemReport[];
  /** On a Xen host what guests were given; left out elsewhere. */
  readonly xen?: readonly ServedInterface[];
}

export interface UplinkReport {
  readonly name: string;
  readonly interface: string;
  readonly source: string;
  /** Whether it is a way to the Internet; left out where nobody looks, since networks have no choice. */
  readonly health?: HealthReport;
  readonly delegations: readonly {
    readonly iaid: number;
    readonly prefix: string;
    readonly preferredUntil: string | null;
    readonly validUntil: string | null;
    readonly since: string;
    /** The one that new flows leave with. */
    readonly current: boolean;
  }[];
}

export interface HealthReport {
  readonly state: UplinkHealth['state'];
  readonly since: string;
  readonly why: string;
  /** Of the last echo request that was answered, in milliseconds; null where none is sent or none was answered. */
  readonly answered: number | null;
}

export interface WayReport {
  /** Null where none has a prefix for the network. */
  readonly uplink: string | null;
  readonly because: string;
}

export interface NetworkReport {
  readonly name: string;
  readonly prefix: string;
  /** Which uplink new flows leave by; left out where there is no choice. */
  readonly way?: WayReport;
  readonly subnets: readonly { readonly name: string; readonly prefix: string; readonly interface: string | null }[];
}

export interface MappingReport {
  readonly uplink: string;
  readonly network: string;
  readonly subnet: string | null;
  readonly inside: string;
  readonly outside: string;
  readonly direction: 'both' | 'inbound';
}

export interface TranslationReport {
  readonly network: string;
  readonly uplink: string;
  /** `none`: the network's prefix is the uplink's own. */
  readonly mode: MappingMode | 'none';
  readonly hairpin: boolean;
  readonly inbound: 'deny' | 'allow';
  /** Whether its established flows are to pass by the rules. */
  readonly offload: boolean;
  /** Ports as `443` or `8000-8010`. */
  readonly pinholes: readonly {
    readonly to: string;
    readonly tcp: readonly string[];
    readonly udp: readonly string[];
    readonly icmp: boolean;
  }[];
}

export interface ProblemReport {
  readonly code: ProblemCode;
  readonly message: string;
  readonly mend: string | null;
  readonly since: string;
}

/** What the daemon did since it started. */
export interface Activity {
  /** Times a mapping on an uplink changed. */
  readonly changes: number;
  /** Times something of ours was put right that somebody else had changed. */
  readonly repairs: number;
  readonly flowsMoved: number;
  /** From the news, or from noticing, to the rules in force, of changes and repairs. */
  readonly durations: Durations;
  readonly lastChange: { readonly at: string; readonly took: number; readonly because: readonly string[] } | null;
}

/** Enough for a page; the rest is in the state directory. */
const historyShown = 30;

export interface ReportFacts {
  readonly now: Instant;
  readonly daemon: Report['daemon'];
  readonly desired: Desired;
  readonly role?: Role | undefined;
  readonly identity?: NodeIdentity;
  readonly inForce: boolean;
  readonly delegations: readonly Delegation[];
  readonly history: readonly HistoryEntry[];
  readonly counters: ReadonlyMap<string, number>;
  readonly activity: Activity;
  readonly problems: readonly StandingProblem[];
  /** By the name of the uplink. */
  readonly health?: ReadonlyMap<string, UplinkHealth>;
  /** Undefined where the configuration has no Xen guests. */
  readonly guests?: readonly VifState[] | undefined;
}

export function deriveReport(facts: ReportFacts): Report {
  const { config, mappings, steering, offload } = facts.desired;
  const watched = watchedUplinks(config);
  return {
    schemaVersion: 1,
    written: formatInstant(facts.now)!,
    daemon: facts.daemon,
    ...(facts.guests && { xen: servedInterfaces(facts.guests) }),
    failover: facts.role
      ? { state: facts.role.is, since: facts.role.since === undefined ? null : formatInstant(facts.role.since) }
      : null,
    identity: facts.identity ?? null,
    uplinks: config.uplinks.map((uplink) => {
      const [current = []] = delegationRounds(uplink, facts.delegations, facts.now);
      return {
        name: uplink.name,
        interface: uplink.interface,
        source: uplink.source.from,
        ...(watched.includes(uplink) && reportHealth(facts.health?.get(uplink.name))),
        delegations: facts.delegations
          .filter((delegation) => delegation.uplink === uplink.name)
          .map((delegation) => ({
            iaid: delegation.iaid,
            prefix: formatPrefix(delegation.prefix),
            preferredUntil: formatInstant(delegation.preferredUntil),
            validUntil: formatInstant(delegation.validUntil),
            since: formatInstant(delegation.since)!,
            current: current.includes(delegation) && !standsBy(facts.role),
          })),
      };
    }),
    networks: config.networks.map((network) => ({
      name: network.name,
      prefix: formatPrefix(network.prefix),
      ...reportWay(steering?.choices.find((choice) => choice.network === network.name)),
      subnets: reportSubnets(network.subnets),
    })),
    mappings: mappings.map(reportMapping),
    inForce: facts.inForce,
    ...(offload && { offload }),
    translations: config.translations.map(reportTranslation),
    ...(config.backend === 'ip6tables' && { backend: config.backend }),
    guard: reportCounters(facts.counters),
    activity: facts.activity,
    history: facts.history.slice(-historyShown),
    problems: facts.problems.map(({ problem, since }) => ({
      code: problem.code,
      message: problem.message,
      mend: problem.mend ?? null,
      since: formatInstant(since)!,
    })),
  };
}

// Each pass reports, and most of what can be many stays: then it is the very same.
const reportMapping = rememberOnce((mapping: Mapping) => ({
  uplink: mapping.uplink,
  network: mapping.network,
  subnet: mapping.subnet ?? null,
  inside: formatPrefix(mapping.inside),
  outside: formatPrefix(mapping.outside),
  direction: mapping.direction,
}));

const reportSubnets = rememberOnce((subnets: readonly Subnet[]) =>
  subnets.map((subnet) => ({
    name: subnet.name,
    prefix: formatPrefix(subnet.prefix),
    interface: subnet.interface ?? null,
  })),
);

/** Whether two reports differ in nothing but the moment they were written. */
export function saysTheSame(one: Report, other: Report): boolean {
  const lists = ({ mappings, networks }: Report) => [mappings, ...networks.map(({ subnets }) => subnets)];
  const rest = (report: Report): string =>
    JSON.stringify({
      ...report,
      written: '',
      mappings: [],
      networks: report.networks.map((network) => ({ ...network, subnets: [] })),
    });
  const others = lists(other);
  return rest(one) === rest(other) && lists(one).every((list, at) => sameItems<unknown>(list, others[at]!));
}

function reportHealth(health: UplinkHealth | undefined): Pick<UplinkReport, 'health'> {
  if (!health) return {};
  const { state, since, why, lastAnswer } = health;
  return { health: { state, since: formatInstant(since)!, why, answered: lastAnswer?.milliseconds ?? null } };
}

function reportWay(choice: UplinkChoice | undefined): Pick<NetworkReport, 'way'> {
  return choice ? { way: { uplink: choice.uplink ?? null, because: choice.because } } : {};
}

/** A translation as plain values. */
export function reportTranslation({
  network,
  uplink,
  mode,
  native,
  hairpin,
  inbound,
  offload = false,
  pinholes,
}: Translation): TranslationReport {
  return {
    network: network.name,
    uplink: uplink.name,
    mode: native ? 'none' : mode,
    hairpin,
    inbound,
    offload,
    pinholes: pinholes.map(({ to, tcp, udp, icmp }) => ({
      to: formatIpv6(to),
      tcp: tcp.map(formatPortRange),
      udp: udp.map(formatPortRange),
      icmp,
    })),
  };
}

const mostTold = 8;

/** One line: what is mapped, and how many problems there are. */
export function summarizeReport({ mappings, problems, failover }: Report): string {
  const mapped = mappings
    .filter(({ direction }) => direction === 'both')
    .map(({ inside, outside }) => `${inside} <-> ${outside}`);
  const without = failover && failover.state !== 'active' ? 'stands by' : 'no prefix';
  const told = mapped.length > mostTold ? `${mapped.length} mappings, ${mapped[0]!} and others` : mapped.join(', ');
  const state = mapped.length > 0 ? told : `${without}; the guard holds`;
  const fallback = problems.find(({ code }) => code === 'config-fallback');
  if (fallback) return `THE CONFIGURATION IS WRONG: ${fallback.message}; ${state}`;
  return problems.length > 0 ? `${state}; ${problems.length} problem(s)` : state;
}

export function formatInstant(at: Instant): string | null {
  return at === Infinity ? null : new Date(at).toISOString();
}

/** Packets that the guard stopped, in the same order each time, whichever table was read first. */
export function reportCounters(counters: ReadonlyMap<string, number>): Report['guard'] {
  return Object.fromEntries([...counters].toSorted(([one], [other]) => rankOf(one) - rankOf(other)));
}

const counterOrder = ['leaving', 'arriving', 'returning', 'unmapped', 'denied', 'astray'];

function rankOf(counter: string): number {
  const rank = counterOrder.indexOf(counter);
  return rank < 0 ? counterOrder.length : rank;
}
