import type { Effort } from './effort.ts';
import { measureNewFlows, measurePackets, openLane, type Lane } from './data-path.ts';
import { conntrack, netmap, plain, rfc6296, stateful, type Method } from './methods.ts';
import { ratio } from './statistics.ts';
import { formatTable } from './table.ts';
import type { Traffic } from './traffic.ts';

const flows = 10_000;

/** How packets fare with many mappings: as many flows each time, shared out among the mappings. */
export async function manyInPath(directory: string, traffic: Traffic, effort: Effort): Promise<string> {
  const script = netmap('legacy');
  const lanes: Lane[] = [];
  const open = async (method: Method, mappings: number): Promise<void> => {
    lanes.push(await openLane(directory, traffic, method, { mappings, flows }));
  };
  try {
    for (const method of [plain, conntrack]) await open(method, 1);
    for (const method of [stateful, rfc6296]) for (const mappings of [1, 100, 10_000]) await open(method, mappings);
    // Rule by rule: with ten thousand the first packet of a flow takes milliseconds.
    for (const mappings of [1, 100, 1000]) await open(script, mappings);
    const out = await measurePackets(traffic, lanes, 'out', effort);
    const back = await measurePackets(traffic, lanes, 'in', effort);
    const fresh = await measureNewFlows(traffic, lanes, { ...effort, newFlows: flows }, 1);
    const rows = lanes.slice(2).map((lane) => {
      const base = lanes.find(({ method, mappings }) => method === lane.method && mappings === 1)!;
      const cells = [out, back, fresh].map((measured) => ratio(measured.get(lane)!, measured.get(base)!).toFixed(2));
      return [lane.method.name, String(lane.mappings), ...cells];
    });
    return formatTable(['of the same with one mapping', 'mappings', 'packets out', 'packets in', 'new flows'], rows);
  } finally {
    for (const { course } of lanes) await course.remove();
  }
}
