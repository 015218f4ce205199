import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowKind, FlowReport } from '../lab/probe/job.ts';
import { startFlows, startStream } from '../lab/probes.ts';
import { siteOf } from '../lab/site.ts';
import { startWireClock } from '../lab/wire-clock.ts';
import type { Renumbering } from '../lab/provider.ts';
import type { Stage } from './stage.ts';

export interface SeenChange {
  readonly before: string;
  readonly after: string;
  /** REPLY on the wire to the first packet with the new prefix, in milliseconds. */
  readonly inForce: number;
  /** The provider's switch to that packet. */
  readonly sinceSwitch: number;
  readonly lan1: Record<FlowKind, FlowReport>;
  readonly lan2: Record<FlowKind, FlowReport>;
  readonly leaked: number;
  /** Packets that still carried the old prefix after it had died. */
  readonly stale: number;
}

/** Lets the provider change the prefix under load, narrates what each host saw, and returns it. */
export async function watchChange(stage: Stage, change: Omit<Renumbering, 'site'>): Promise<SeenChange> {
  const { lab, narrator } = stage;
  const before = stage.prefix;
  const site = siteOf(++stage.site);
  const lan1 = await startFlows(lab, 'lan1');
  const lan2 = await startFlows(lab, 'lan2');
  const stream = await startStream(lab, 'lan1', { rate: 1000, ports: 50_000 });
  const clock = await startWireClock(lab, { site });
  await sleep(1000);
  await lab.provider.resetCounters();
  const { at } = await lab.provider.renumber({ ...change, site: site.number });
  const { ms: inForce, inForceAt } = await clock.untilInForce();
  stage.prefix = await lab.router.waitForPrefix((prefix) => prefix !== before);
  await sleep(800);
  await stream.stop();
  const [seen1, seen2] = await Promise.all([lan1.stop(), lan2.stop()]);
  const { inside, wrong, bounced } = await lab.provider.counters();
  const seen: SeenChange = {
    before,
    after: stage.prefix,
    inForce,
    sinceSwitch: inForceAt - at,
    lan1: seen1,
    lan2: seen2,
    leaked: inside,
    stale: wrong,
  };
  narrator.event('changed', `${before} -> ${stage.prefix}`);
  narrator.detail(
    'in force',
    `${inForce.toFixed(1)} ms after the REPLY, ${seen.sinceSwitch.toFixed(0)} ms after the provider's switch`,
  );
  for (const [host, report] of [['lan1', seen1] as const, ['lan2', seen2] as const]) {
    narrator.detail(host, `seen as ${report['udp-new'].sources.map(({ address }) => address).join(', then ')}`);
    narrator.detail('', `lost ${describeLosses(report)}`);
  }
  const back = bounced > 0 ? `; ${bounced} for the old prefix sent back out` : '';
  narrator.detail('leaked', `${inside} untranslated; ${wrong} with a dead prefix until the router knew${back}`);
  return seen;
}

/** Longest outage of a flow in milliseconds; one that had not ended is endless. */
export function longestOutage({ outages, lost }: FlowReport): number {
  // An outage of late answers only is still open when the run ends before the next probe.
  return Math.max(0, ...outages.map(({ ms, open }) => (open && lost > 0 ? Number.POSITIVE_INFINITY : ms)));
}

function describeLosses(report: Record<FlowKind, FlowReport>): string {
  return Object.values(report)
    .map((flow) => {
      const longest = longestOutage(flow);
      const gap = longest === 0 ? '' : ` (${Number.isFinite(longest) ? `${longest.toFixed(0)} ms` : 'for good'})`;
      return `${flow.flow} ${flow.lost}${gap}`;
    })
    .join(', ');
}
