import { setTimeout as sleep } from 'node:timers/promises';
import { startFlows, startStream } from '../../lab/probes.ts';
import { longestOutage } from '../watch-change.ts';
import type { Stage } from '../stage.ts';

/** Somebody loads another firewall and flushes every table before it. */
export async function playFlushedRuleset(stage: Stage): Promise<void> {
  const { lab, narrator, claims } = stage;
  narrator.scene('Someone flushes the whole ruleset');
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-long', 'udp-new'], interval: 5 });
  const stream = await startStream(lab, 'lan1', { rate: 1000, ports: 50_000 });
  await sleep(400);
  await lab.provider.resetCounters();
  await lab.exec('router', ['nft', 'flush', 'ruleset']);
  narrator.event('admin', 'nft flush ruleset');
  await sleep(1000);
  await stage.waitUntilMapped(stage.prefix, 5000);
  await stream.stop();
  const report = await flows.stop();
  const { inside } = await lab.provider.counters();
  const gap = longestOutage(report['udp-new']);
  narrator.event('sixgate', `put everything back; new flows were out for ${gap.toFixed(0)} ms`);
  narrator.detail('leaked', `${inside} untranslated`);
  claims.check('ruleset flushed: healed', '<= 100 ms', `${gap.toFixed(0)} ms`, gap <= 100);
  claims.check('ruleset flushed: leaked', '0', String(inside), inside === 0);
}
