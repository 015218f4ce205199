import type { Lab } from './lab.ts';
import type { LabProcess } from './lab-process.ts';
import { isOfSite, type Site } from './site.ts';
import { waitUntil } from './wait-until.ts';

/** A DHCPv6 REPLY that left the edge. */
export interface SeenReply {
  /** The kernel's stamp on the WAN cable, in milliseconds since 1970. */
  readonly at: number;
  readonly prefixes: readonly { readonly prefix: string; readonly preferred: number; readonly valid: number }[];
}

export interface WireClock {
  /** All so far, in order. */
  readonly replies: readonly SeenReply[];
  /**
   * Waits for the first packet from the site's delegated prefixes on the WAN cable. `ms` counts from the first REPLY
   * that delegates one of them: the time a router takes to put it in force, up to the spacing of the traffic.
   */
  untilInForce(timeout?: number): Promise<{ replyAt: number; inForceAt: number; ms: number }>;
  stop(): Promise<void>;
}

export interface WireClockOptions {
  /** What is going to be delegated. */
  readonly site: Site;
  /** Which of its packets count, in tcpdump's language; default all. For example `udp dst port 7777`. */
  readonly packets?: string;
  /** The edge's port, default `wan0`. */
  readonly port?: string;
}

/**
 * Watches the WAN cable at the edge with two tcpdumps, one clock for both: the stamp is the kernel's, so that a busy
 * machine delays when we hear of a packet but not its time. Start it before the change.
 */
export async function startWireClock(lab: Lab, options: WireClockOptions): Promise<WireClock> {
  const { site, packets, port = 'wan0' } = options;
  const replies: SeenReply[] = [];
  let inForceAt: number | undefined;
  const dump = async (label: string, args: readonly string[], onLine: (line: string) => void): Promise<LabProcess> => {
    const argv = ['tcpdump', '-i', port, '-n', '-tt', '-l', '--immediate-mode', ...args];
    const started = lab.spawn('provider', argv, { label, onLine });
    await waitUntil(label, () => started.log().includes('listening on'), { interval: 5 });
    return started;
  };
  // Its log is appended to: a name of its own for each, or the next would take the last one's "listening".
  const mark = `${site.number}-${Math.round(performance.now())}`;
  const fromPool = `ip6 src net ${site.pool}${packets ? ` and (${packets})` : ''}`;
  const dumps = await Promise.all([
    dump(`replies-${mark}`, ['-v', '-Q', 'out', 'udp dst port 546'], (line) => {
      const reply = parseReply(line);
      if (reply) replies.push(reply);
    }),
    dump(`packets-${mark}`, ['-Q', 'in', '-c', '1', fromPool], (line) => (inForceAt ??= parseStamp(line))),
  ]);
  const stop = async () => {
    await Promise.all(dumps.map((each) => each.stop()));
  };
  return {
    replies,
    stop,
    async untilInForce(timeout = 15_000) {
      const answer = await waitUntil(
        `a packet from ${site.pool} on the WAN`,
        () => {
          const reply = replies.find(({ prefixes }) =>
            prefixes.some((one) => one.valid > 0 && isOfSite(site, one.prefix)),
          );
          if (inForceAt === undefined || reply === undefined) return undefined;
          return { replyAt: reply.at, inForceAt, ms: inForceAt - reply.at };
        },
        { timeout, interval: 10 },
      );
      await stop();
      return answer;
    },
  };
}

/** A line of `tcpdump -tt -v`; undefined for what is no REPLY. */
export function parseReply(line: string): SeenReply | undefined {
  const at = parseStamp(line);
  if (at === undefined || !line.includes('dhcp6 reply')) return undefined;
  const found = line.matchAll(/IA_PD-prefix (\S+) pltime:(\d+) vltime:(\d+)/g);
  const prefixes = [...found].map(([, prefix = '', preferred, valid]) => {
    return { prefix, preferred: Number(preferred), valid: Number(valid) };
  });
  return { at, prefixes };
}

function parseStamp(line: string): number | undefined {
  const stamp = /^(\d+\.\d+) /.exec(line)?.[1];
  return stamp === undefined ? undefined : Number(stamp) * 1000;
}
