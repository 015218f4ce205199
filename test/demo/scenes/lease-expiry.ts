import { setTimeout as sleep } from 'node:timers/promises';
import { startFlows } from '../../lab/probes.ts';
import type { Stage } from '../stage.ts';

const valid = 6;

/** The DHCPv6 server falls silent: the prefix may be somebody else's when its valid lifetime is over. */
export async function playLeaseExpiry(stage: Stage): Promise<void> {
  const { lab, narrator, claims } = stage;
  narrator.scene('The DHCPv6 server falls silent until the lease is over');
  await lab.provider.configureKea({ times: { preferred: 4, valid, renew: 2, rebind: 4 } });
  lab.router.renew();
  await sleep(300);
  await lab.provider.mute(true);
  const start = performance.now();
  narrator.event('provider', `gave ${stage.prefix} for another ${valid} s and answers no more`);
  const flows = await startFlows(lab, 'lan1', { flows: ['udp-new', 'udp-long'], interval: 20 });
  await lab.provider.resetCounters();
  await stage.waitUntilMapped(undefined, 20_000);
  const after = (performance.now() - start) / 1000;
  narrator.event('sixgate', `withdrew the mapping ${after.toFixed(1)} s later; the guard stays`);
  await sleep(500);
  await lab.provider.configureKea({ times: { preferred: 1800, valid: 3600, renew: 900, rebind: 1440 } });
  await lab.provider.mute(false);
  narrator.event('provider', 'answers again');
  await stage.waitUntilMapped(stage.prefix, 30_000);
  narrator.event('sixgate', `translates onto ${stage.prefix} again`);
  await sleep(500);
  const report = await flows.stop();
  const { inside } = await lab.provider.counters();
  const back = report['udp-long'].outages.at(-1)?.open === false;
  narrator.detail('lan1', `its long UDP flow ${back ? 'goes on' : 'is dead'}; leaked ${inside}`);
  claims.check(
    'lease over: mapping withdrawn',
    `after ${valid} s`,
    `after ${after.toFixed(1)} s`,
    after > valid - 1.5 && after < valid + 1.5,
  );
  claims.check('lease over: leaked', '0', String(inside), inside === 0);
  claims.check('lease back: long flow', 'goes on', back ? 'goes on' : 'dead', back);
}
