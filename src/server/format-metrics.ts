import type { Instant } from '../core/instant.ts';
import type { NoStatus, Status } from '../engine/status.ts';
import { formatExposition, type Metric, type Sample } from './exposition.ts';

/** What this process counts of itself. */
export interface ServerNumbers {
  readonly connections: number;
  readonly streams: number;
  readonly refusedConnections: number;
  /** Answers by status code. */
  readonly answers: ReadonlyMap<number, number>;
}

/** All metrics: those of the daemon's report, where there is one, and those of this process. */
export function formatMetrics(status: Status | NoStatus, numbers: ServerNumbers, now: Instant): string {
  return formatExposition([
    gauge('sixgate_up', 'Whether the daemon runs and is heard of.', [
      { value: status.daemon?.state === 'running' ? 1 : 0 },
    ]),
    ...(status.daemon === null ? [] : metricsOfReport(status, now)),
    gauge('sixgate_serve_connections', 'Open connections of the web server.', [{ value: numbers.connections }]),
    gauge('sixgate_serve_streams', 'Clients that are told of every change.', [{ value: numbers.streams }]),
    counter('sixgate_serve_connections_refused_total', 'Connections cut because there were too many.', [
      { value: numbers.refusedConnections },
    ]),
    counter(
      'sixgate_serve_answers_total',
      'Answers of the web server by status code.',
      [...numbers.answers]
        .toSorted(([one], [other]) => one - other)
        .map(([code, value]) => ({ labels: { code }, value })),
    ),
  ]);
}

function metricsOfReport(status: Status, now: Instant): Metric[] {
  const { daemon, uplinks, networks, mappings, guard, activity, problems } = status;
  const delegations = uplinks.flatMap((uplink) => uplink.delegations.map((delegation) => ({ uplink, delegation })));
  const left = (until: string | null): number => (until === null ? Infinity : (Date.parse(until) - now) / 1000);
  const lifetimes = (which: 'validUntil' | 'preferredUntil'): Sample[] =>
    delegations.map(({ uplink, delegation }) => ({
      labels: { uplink: uplink.name, prefix: delegation.prefix, iaid: delegation.iaid },
      value: Math.max(0, left(delegation[which])),
    }));
  const { lastChange, durations } = activity;
  const codes = [...new Set(problems.map(({ code }) => code))].toSorted();
  return [
    gauge('sixgate_build_info', 'The version of the daemon.', [{ labels: { version: daemon.version }, value: 1 }]),
    gauge('sixgate_start_time_seconds', 'When the daemon started.', [{ value: Date.parse(daemon.since) / 1000 }]),
    gauge('sixgate_report_age_seconds', 'How old the report is that these figures are from.', [{ value: daemon.age }]),
    gauge(
      'sixgate_uplink_info',
      'An uplink and where its prefix comes from.',
      uplinks.map(({ name, interface: device, source }) => ({
        labels: { uplink: name, interface: device, source },
        value: 1,
      })),
    ),
    gauge(
      'sixgate_uplink_reached',
      'Whether the Internet is reached through the uplink; NaN: not known. Only where somebody looks.',
      uplinks.flatMap(({ name, health }) =>
        health ? [{ labels: { uplink: name }, value: { up: 1, down: 0, unknown: NaN }[health.state] }] : [],
      ),
    ),
    gauge(
      'sixgate_uplink_reached_since_timestamp_seconds',
      'Since when that is so.',
      uplinks.flatMap(({ name, health }) =>
        health ? [{ labels: { uplink: name }, value: Date.parse(health.since) / 1000 }] : [],
      ),
    ),
    gauge(
      'sixgate_uplink_answer_seconds',
      'How long the last answer of the health check took.',
      uplinks.flatMap(({ name, health }) =>
        health && health.answered !== null ? [{ labels: { uplink: name }, value: health.answered / 1000 }] : [],
      ),
    ),
    gauge(
      'sixgate_network_way_info',
      'The uplink that new flows of a network leave by, where it has several.',
      networks.flatMap(({ name, way }) => (way ? [{ labels: { network: name, uplink: way.uplink }, value: 1 }] : [])),
    ),
    gauge(
      'sixgate_delegations',
      'Delegated prefixes that are valid.',
      uplinks.map((uplink) => ({ labels: { uplink: uplink.name }, value: uplink.delegations.length })),
    ),
    gauge(
      'sixgate_delegation_info',
      'A delegated prefix; new flows leave with the current one.',
      delegations.map(({ uplink, delegation: { prefix, iaid, current } }) => ({
        labels: { uplink: uplink.name, interface: uplink.interface, prefix, iaid, current },
        value: 1,
      })),
    ),
    gauge(
      'sixgate_delegation_valid_seconds',
      'How much longer the prefix may be used; +Inf: for ever.',
      lifetimes('validUntil'),
    ),
    gauge(
      'sixgate_delegation_preferred_seconds',
      'How much longer the prefix is preferred; +Inf: for ever.',
      lifetimes('preferredUntil'),
    ),
    gauge(
      'sixgate_mapping_info',
      'An inside prefix and the outside prefix that stands for it.',
      mappings.map(({ uplink, network, subnet, inside, outside, direction }) => ({
        labels: { uplink, network, subnet, inside, outside, direction },
        value: 1,
      })),
    ),
    gauge(
      'sixgate_failover_info',
      'Which one of two routers this is.',
      status.failover ? [{ labels: { state: status.failover.state }, value: 1 }] : [],
    ),
    gauge('sixgate_in_force', 'Whether the kernel was last seen to hold these mappings.', [
      { value: status.inForce ? 1 : 0 },
    ]),
    gauge('sixgate_guard_held', 'Whether the guard survives a flush of the ruleset.', [
      { value: daemon.alive && daemon.guardHeld ? 1 : 0 },
    ]),
    counter(
      'sixgate_dropped_packets_total',
      'Packets stopped: leaving or arriving untranslated, unmapped (no prefix for them), denied (not asked for), returning (from an uplink back to it), astray (with what only another uplink has).',
      Object.entries(guard).map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    counter('sixgate_changes_total', 'Times a mapping changed.', [{ value: activity.changes }]),
    counter('sixgate_repairs_total', 'Times something was put right that somebody else had changed.', [
      { value: activity.repairs },
    ]),
    counter('sixgate_flows_moved_total', 'Flows that were moved to the mapping in force.', [
      { value: activity.flowsMoved },
    ]),
    gauge(
      'sixgate_last_change_timestamp_seconds',
      'When the rules changed last.',
      lastChange ? [{ value: Date.parse(lastChange.at) / 1000 }] : [],
    ),
    {
      name: 'sixgate_apply_duration_seconds',
      help: 'From the news to the rules in force.',
      type: 'histogram',
      samples: [
        ...durations.upTo.map((bound, index) => ({
          suffix: '_bucket' as const,
          labels: { le: bound / 1000 },
          value: durations.counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
        })),
        { suffix: '_bucket', labels: { le: '+Inf' }, value: durations.count },
        { suffix: '_sum', value: durations.sum / 1000 },
        { suffix: '_count', value: durations.count },
      ],
    },
    gauge('sixgate_problems', 'Problems that stand.', [{ value: problems.length }]),
    gauge(
      'sixgate_problem_since_timestamp_seconds',
      'Since when a problem of this code stands.',
      codes.map((code) => ({
        labels: { code },
        value: Math.min(...problems.filter((each) => each.code === code).map(({ since }) => Date.parse(since))) / 1000,
      })),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'counter', samples };
}
