import type { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';

/** Who spoke DHCPv6 on the provider's link: the client identifier and IAID of each message. */
export async function watchIdentities(lab: Lab): Promise<{ seen: ReadonlyMap<string, number>; stop(): Promise<void> }> {
  const seen = new Map<string, number>();
  const argv = ['tcpdump', '-l', '-n', '-v', '-s', '500', '-i', 'brwan', 'udp dst port 547'];
  const tcpdump = lab.spawn('provider', argv, {
    label: 'identities',
    onLine(line) {
      const client = /client-ID ([^)]*)\)/.exec(line)?.[1];
      const iaid = /IA_PD IAID:(\d+)/.exec(line)?.[1];
      if (client === undefined && iaid === undefined) return;
      const identity = `${client ?? 'nobody'}, IAID ${iaid ?? 'none'}`;
      seen.set(identity, (seen.get(identity) ?? 0) + 1);
    },
  });
  await waitUntil('tcpdump', () => tcpdump.log().includes('listening on'), { interval: 5 });
  return { seen, stop: () => tcpdump.stop() };
}
