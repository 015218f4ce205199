import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../lab/lab.ts';
import { shortenUdpTimeout, startEcho, startStream } from '../lab/probes.ts';
import { siteOf } from '../lab/site.ts';
import { startWireClock } from '../lab/wire-clock.ts';
import { startOwnClient } from '../dhcpv6/own-client.ts';
import { startFollowing } from '../translate/following.ts';
import type { Effort } from './effort.ts';
import { takeTurns } from './rounds.ts';
import { median, quantile } from './statistics.ts';
import { formatTable } from './table.ts';

const times = { valid: 7200, preferred: 3600, renew: 1800, rebind: 2880 };

interface Contestant {
  readonly name: string;
  readonly lab: Lab;
  /** The script hears of a change only when its client asks. */
  readonly asks: boolean;
}

/** From the REPLY on the wire to the first packet with the new source, on a whole lab: Kea, dhcpcd or our own client, real traffic. */
export async function onTheWire(_directory: string, _traffic: unknown, { rounds }: Effort): Promise<string> {
  const contestants: Contestant[] = [];
  try {
    const ours = await Lab.start({ name: 'benchours', times });
    contestants.push({ name: 'sixgate, dhcpcd', lab: ours, asks: false });
    await startFollowing(ours);
    const alone = await Lab.start({ name: 'benchalone', times });
    contestants.push({ name: 'sixgate alone', lab: alone, asks: false });
    await startOwnClient(alone);
    for (const variant of ['nft', 'legacy'] as const) {
      const lab = await Lab.start({ name: `bench${variant}`, times });
      contestants.unshift({ name: `the script, ${variant}`, lab, asks: true });
      // The router has an /etc of its own.
      await lab.exec('router', ['ln', '-sfn', `/usr/sbin/ip6tables-${variant}`, '/etc/alternatives/ip6tables']);
      await lab.router.startBaseline();
      await lab.router.waitForPrefix();
    }
    for (const { lab } of contestants) {
      await startEcho(lab, 'server');
      await shortenUdpTimeout(lab, 'router', 2);
    }
    const rows: string[][] = [];
    for (const [load, rate] of [
      ['2,000 new flows a second', 2000],
      ['20,000 new flows a second', 20_000],
    ] as const) {
      const first = rows.length * 25 + 2;
      const measured = await takeTurns(contestants, Math.max(5, rounds), (each, round) =>
        change(each, first + round, rate),
      );
      const values = contestants.map((each) => measured.get(each)!);
      const [legacy, nft] = values.map(median) as [number, number];
      for (const [index, { name }] of contestants.entries()) {
        const all = values[index]!;
        rows.push([
          load,
          name,
          `${median(all).toFixed(1)} (p95 ${quantile(all, 0.95).toFixed(1)})`,
          (median(all) / legacy).toFixed(2),
          (median(all) / nft).toFixed(2),
        ]);
      }
    }
    return formatTable(['', 'REPLY -> in force', 'ms', 'of legacy', 'of nft'], rows);
  } finally {
    for (const { lab } of contestants) await lab.stop();
  }
}

async function change({ lab, asks }: Contestant, number: number, rate: number): Promise<number> {
  const stream = await startStream(lab, 'lan1', { ports: 50_000, rate });
  const clock = await startWireClock(lab, { site: siteOf(number) });
  await lab.provider.renumber({ site: number });
  if (asks) lab.router.renew();
  const { ms } = await clock.untilInForce();
  await sleep(200);
  await stream.stop();
  return ms;
}
