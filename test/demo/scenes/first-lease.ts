import { setTimeout as sleep } from 'node:timers/promises';
import { startFlows } from '../../lab/probes.ts';
import { siteOf } from '../../lab/site.ts';
import { startWireClock } from '../../lab/wire-clock.ts';
import type { Stage } from '../stage.ts';

/** Hosts talk before there is any prefix: nothing may leave. Then dhcpcd gets one. */
export async function playFirstLease(stage: Stage): Promise<void> {
  const { lab, narrator, claims } = stage;
  narrator.scene('The first lease');
  await stage.startDaemon();
  narrator.event('sixgate', 'runs; no prefix yet, but the guard stands');
  const flows = await startFlows(lab, 'lan1', { interval: 5 });
  await sleep(700);
  const early = (await lab.provider.counters()).inside;
  narrator.event('lan1', `talks to the server in vain; ${early} untranslated packets on the WAN`);
  const clock = await startWireClock(lab, { site: siteOf(stage.site) });
  await lab.router.startGeneratedDhcpcd();
  stage.prefix = await lab.router.waitForPrefix();
  const { ms } = await clock.untilInForce();
  await sleep(500);
  const report = await flows.stop();
  const { inside } = await lab.provider.counters();
  narrator.event('dhcpcd', `was delegated ${stage.prefix}; in force ${ms.toFixed(1)} ms after the REPLY`);
  const recovered =
    !(report['udp-long'].outages.at(-1)?.open ?? false) && !(report['icmp-long'].outages.at(-1)?.open ?? false);
  narrator.detail('lan1', `the flows that began too early ${recovered ? 'go on by themselves' : 'stay dead'}`);
  narrator.detail('leaked', `${inside} untranslated`);
  claims.check('leaked before the first lease', '0', String(inside), inside === 0);
  claims.check('flows begun before it', 'recover', recovered ? 'recovered' : 'dead', recovered);
}
