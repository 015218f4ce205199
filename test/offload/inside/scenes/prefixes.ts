import type { Started } from '../../../qemu/inside/host.ts';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { farSide, patience, prefixA, prefixB, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

let flows: Started;

/** Milliseconds from the first packet with the new source to the last one with the old, by what far has captured. */
function overlapOf(captured: string, old: string, fresh: string): number {
  const lines = captured.split('\n').map((line) => /^(\d+\.\d+) IP6 (\S+?)\.\d+ > /.exec(line));
  const times = (source: string) =>
    lines.flatMap((match) => (match?.[2]?.startsWith(source) ? [Number(match[1]) * 1000] : []));
  const [last, first] = [Math.max(...times(old)), Math.min(...times(fresh))];
  if (!Number.isFinite(last) || !Number.isFinite(first))
    throw new Error(`one of the sources was never seen\n${captured}`);
  return last - first;
}

async function expectNothingOf(lab: Lab, ...sources: ('a' | 'b')[]): Promise<void> {
  const seen = await lab.seenWithin(1500);
  if (sources.some((source) => seen[source] > 0)) throw new Error(JSON.stringify(seen));
}

export const prefixes: Scene = {
  name: 'prefixes',
  async setUp(lab) {
    flows = await lab.startFlows(lab.lan, farSide, ['udp-long', 'tcp-long']);
    await lab.untilOffloaded(['udp', 'dst=2001:db8:a::10'], ['tcp', 'dst=2001:db8:a::10']);
  },
  checks: [
    {
      name: 'an abrupt change moves offloaded flows at once',
      async run(lab) {
        const capture = lab.far.start([
          'tcpdump',
          '-Z',
          'root',
          '-ni',
          'p0',
          '-tt',
          '-l',
          `dst ${farSide} and not icmp6`,
        ]);
        await waitUntil('tcpdump', patience, async () =>
          capture.output.includes('2001:db8:a::10') ? undefined : capture.output,
        );
        await lab.delegate('fiber', `${prefixB},3600,7200`, `${prefixA},0,0`);
        await lab.untilOffloaded(['udp', 'dst=2001:db8:b::10'], ['tcp', 'dst=2001:db8:b::10']);
        capture.stop();
        const overlap = overlapOf(capture.output, '2001:db8:a:', '2001:db8:b:');
        if (overlap > 100)
          throw new Error(`packets with the dead source for ${overlap} ms after the first with the new one`);
        await expectNothingOf(lab, 'a');
        await lab.expectNoLeak();
      },
    },
    {
      name: 'where the old prefix is still valid, flows live on it, offloaded, and are moved when that ends',
      async run(lab) {
        await lab.delegate('fiber', `${prefixA},3600,7200`, `${prefixB},0,10`);
        const end = performance.now() + 10_000;
        await waitUntil('new flows with the new prefix', patience, async () => {
          const source = await lab.ask(lab.lan, farSide);
          return source === '2001:db8:a::10' ? undefined : source;
        });
        const { b } = await lab.seenWithin(1000);
        const lines = (await lab.flows()).filter((line) => line.includes('dst=2001:db8:b::10'));
        if (performance.now() < end && (b < 10 || lines.filter((line) => line.includes('[OFFLOAD]')).length < 2)) {
          throw new Error(`${b} packets\n${lines.join('\n')}`);
        }
        await lab.untilOffloaded(['udp', 'dst=2001:db8:a::10'], ['tcp', 'dst=2001:db8:a::10']);
        await expectNothingOf(lab, 'b');
      },
    },
    {
      name: 'the prefix is gone: nothing leaves any more, until there is another',
      async run(lab) {
        await lab.delegate('fiber', `${prefixA},0,0`);
        await lab.untilMapped();
        await waitUntil('the flows to end', patience, async () => {
          const lines = (await lab.flows()).filter((line) => line.includes('[OFFLOAD]'));
          return lines.length === 0 ? undefined : lines.join('\n');
        });
        await expectNothingOf(lab, 'a', 'b');
        await lab.delegate('fiber', `${prefixB},3600,7200`);
        await lab.untilOffloaded(['udp', 'dst=2001:db8:b::10'], ['tcp', 'dst=2001:db8:b::10']);
        await lab.expectNoLeak();
      },
    },
    {
      name: 'somebody flushes the ruleset: nothing leaks, and flows are offloaded again',
      async run(lab) {
        await lab.router.sh('nft flush ruleset');
        await lab.untilDevices('lan0, wan0');
        await lab.untilOffloaded(['udp', 'dst=2001:db8:b::10'], ['tcp', 'dst=2001:db8:b::10']);
        await lab.expectNoLeak();
        flows.stop();
      },
    },
  ],
};
