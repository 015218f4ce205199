import { makeCourse, type Course } from './course.ts';
import type { Effort } from './effort.ts';
import { conntrack, netmap, plain, rfc6296, rfc6296Filtered, stateful, type Method } from './methods.ts';
import { takeTurns } from './rounds.ts';
import { median, ratio, spread } from './statistics.ts';
import { formatTable } from './table.ts';
import { writeFlows, type FlowFiles, type Traffic } from './traffic.ts';

/** A method on a course of its own, with flows that both sides know of. */
export interface Lane {
  readonly method: Method;
  readonly mappings: number;
  readonly course: Course;
  readonly files: FlowFiles;
}

export interface LaneOptions {
  readonly mappings?: number;
  readonly flows?: number;
}

export async function openLane(
  directory: string,
  traffic: Traffic,
  method: Method,
  { mappings = 1, flows = 1000 }: LaneOptions = {},
): Promise<Lane> {
  const course = await makeCourse(`${method.name.replaceAll(/[^a-z0-9]+/g, '')}${mappings}`, directory);
  await method.setUp(course, mappings);
  const files = writeFlows(course, method, mappings, flows);
  // Each flow is answered, so that conntrack has it as established.
  for (const way of ['out', 'in', 'out'] as const) await traffic.once(course, way, files[way]);
  return { method, mappings, course, files };
}

export const allMethods = [plain, conntrack, netmap('legacy'), netmap('nft'), stateful, rfc6296, rfc6296Filtered];

/** By lane, one value a round. */
export type Measured = ReadonlyMap<Lane, readonly number[]>;

export function measurePackets(
  traffic: Traffic,
  lanes: readonly Lane[],
  way: 'out' | 'in',
  effort: Effort,
): Promise<Measured> {
  return takeTurns(lanes, effort.rounds, ({ course, files }) =>
    traffic.packets(course, way, files[way], effort.seconds),
  );
}

/** The table of connections is emptied before each measurement; the established flows of the lane are gone afterwards. */
export function measureNewFlows(
  traffic: Traffic,
  lanes: readonly Lane[],
  effort: Effort,
  ports: number,
): Promise<Measured> {
  return takeTurns(lanes, Math.max(3, Math.ceil(effort.rounds / 2)), async ({ course, files }) => {
    await course.exec('router', ['conntrack', '-F']).catch(() => '');
    const rate = await traffic.flows(course, files.out, ports, effort.newFlows);
    await course.exec('router', ['conntrack', '-F']).catch(() => '');
    return rate;
  });
}

export async function dataPath(directory: string, traffic: Traffic, effort: Effort): Promise<string> {
  const lanes: Lane[] = [];
  try {
    for (const method of allMethods) lanes.push(await openLane(directory, traffic, method));
    const out = await measurePackets(traffic, lanes, 'out', effort);
    const back = await measurePackets(traffic, lanes, 'in', effort);
    const latencies = await measureLatency(traffic, lanes, effort);
    const one = await takeTurns(lanes, effort.rounds, ({ course }) => traffic.tcp(course, 1, effort.seconds));
    const eight = await takeTurns(lanes, effort.rounds, ({ course }) => traffic.tcp(course, 8, effort.seconds));
    for (const { course } of lanes) await course.exec('in', ['ip', 'link', 'set', 'in0', 'gso_max_segs', '1']);
    const unsegmented = await takeTurns(lanes, effort.rounds, ({ course }) => traffic.tcp(course, 1, effort.seconds));
    const fresh = await measureNewFlows(traffic, lanes, effort, effort.newFlows / 1000);
    const base = lanes[0]!;
    const tracked = lanes.find(({ method }) => method === conntrack)!;
    const cells = (measured: Measured, lane: Lane): string =>
      `${ratio(measured.get(lane)!, measured.get(base)!).toFixed(2)} ±${spread(measured.get(lane)!).toFixed(2)}`;
    const against = (measured: Measured, lane: Lane): string =>
      ratio(measured.get(lane)!, measured.get(tracked)!).toFixed(2);
    return [
      `Plain forwarding: ${kilo(out, base)} kpps out, ${kilo(back, base)} kpps in, ${kilo(fresh, base)} k new flows a second,`,
      `TCP ${giga(one, base)} Gbit/s with one flow, ${giga(eight, base)} with eight, ${giga(unsegmented, base)} in packets of the link's size.`,
      '',
      formatTable(
        [
          'of plain forwarding',
          'packets out',
          'packets in',
          'new flows',
          'TCP, 1 flow',
          'TCP, 8 flows',
          'TCP without GSO',
        ],
        lanes.map((lane) => [
          lane.method.name,
          ...[out, back, fresh, one, eight, unsegmented].map((measured) => cells(measured, lane)),
        ]),
      ),
      '',
      formatTable(
        ['of plain + conntrack', 'packets out', 'packets in', 'new flows'],
        lanes.map((lane) => [lane.method.name, ...[out, back, fresh].map((measured) => against(measured, lane))]),
      ),
      '',
      formatTable(
        ['round trip in µs', 'p50', 'p90', 'p99'],
        lanes.map((lane) => [lane.method.name, ...latencies.get(lane)!.map((each) => each.toFixed(1))]),
      ),
    ].join('\n');
  } finally {
    for (const { course } of lanes) await course.remove();
  }
}

async function measureLatency(traffic: Traffic, lanes: readonly Lane[], effort: Effort): Promise<Map<Lane, number[]>> {
  const seen = new Map<Lane, { p50: number; p90: number; p99: number }[]>(lanes.map((lane) => [lane, []]));
  await takeTurns(lanes, effort.rounds, async (lane) => {
    const latency = await traffic.latency(lane.course, effort.roundTrips);
    seen.get(lane)!.push(latency);
    return latency.p50;
  });
  return new Map(
    [...seen].map(([lane, all]) => [
      lane,
      (['p50', 'p90', 'p99'] as const).map((key) => median(all.map((each) => each[key]))),
    ]),
  );
}

function kilo(measured: Measured, lane: Lane): string {
  return (median(measured.get(lane)!) / 1000).toFixed(0);
}

function giga(measured: Measured, lane: Lane): string {
  return ((median(measured.get(lane)!) * 8) / 1e9).toFixed(1);
}
