import { mkdtempSync, rmSync } from 'node:fs';
import { measurePackets, openLane, type Lane, type Measured } from '../../../bench/data-path.ts';
import type { Effort } from '../../../bench/effort.ts';
import { conntrack, netmap, offloaded, plain, stateful } from '../../../bench/methods.ts';
import { median, ratio, spread } from '../../../bench/statistics.ts';
import { formatTable } from '../../../bench/table.ts';
import { openTraffic } from '../../../bench/traffic.ts';
import type { Scene } from '../scene.ts';

/** Little, since the clock of the machine counts instructions and hardly varies. */
const effort: Effort = { rounds: 3, seconds: 0.05, newFlows: 1000, roundTrips: 100, renewals: 1 };

/** The far ends are the same as those of `./bench packets`; here the kernel has flowtables. */
export const figures: Scene = {
  name: 'figures',
  checks: [
    {
      name: 'offloaded flows cost at most three quarters of what they cost by the rules',
      async run() {
        rmSync('/etc/modprobe.d/without-flowtable.conf', { force: true });
        const directory = mkdtempSync('/tmp/bench-');
        const traffic = openTraffic('/sixgate/traffic');
        const lanes: Lane[] = [];
        for (const method of [plain, conntrack, netmap('nft'), stateful, offloaded]) {
          lanes.push(await openLane(directory, traffic, method, { flows: 200 }));
        }
        const out = await measurePackets(traffic, lanes, 'out', effort);
        const back = await measurePackets(traffic, lanes, 'in', effort);
        const text = tableOf(lanes, out, back);
        const [rules, shortcut] = lanes.slice(-2) as [Lane, Lane];
        for (const way of [out, back]) {
          if (ratio(way.get(shortcut)!, way.get(rules)!) < 1.33) throw new Error(text);
        }
        return text;
      },
    },
  ],
};

function tableOf(lanes: readonly Lane[], out: Measured, back: Measured): string {
  const [base] = lanes as [Lane, ...Lane[]];
  const rules = lanes.find(({ method }) => method === stateful)!;
  const cell = (way: Measured, lane: Lane) =>
    `${ratio(way.get(lane)!, way.get(base)!).toFixed(2)} ±${spread(way.get(lane)!).toFixed(2)}`;
  const against = (way: Measured, lane: Lane) => ratio(way.get(lane)!, way.get(rules)!).toFixed(2);
  const kilo = (way: Measured) => (median(way.get(base)!) / 1000).toFixed(1);
  return [
    `Plain forwarding: ${kilo(out)} kpps out, ${kilo(back)} kpps in.`,
    '',
    formatTable(
      ['of plain forwarding', 'packets out', 'packets in', 'out, of `stateful`', 'in, of `stateful`'],
      lanes.map((lane) => [
        lane.method.name,
        cell(out, lane),
        cell(back, lane),
        against(out, lane),
        against(back, lane),
      ]),
    ),
  ].join('\n');
}
