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
        flows.stop();
      },
    },
  ],
};
