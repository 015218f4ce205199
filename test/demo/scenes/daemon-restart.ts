import { setTimeout as sleep } from 'node:timers/promises';
import { startFlows } from '../../lab/probes.ts';
import type { Stage } from '../stage.ts';

/** An upgrade: the daemon ends and starts again; the rules stay and no flow notices. */
export async function playDaemonRestart(stage: Stage): Promise<void> {
  const { lab, narrator, claims } = stage;
  narrator.scene('The daemon restarts');
  const flows = await startFlows(lab, 'lan1');
  await lab.provider.resetCounters();
  await sleep(300);
  await stage.daemon.stop();
  narrator.event('sixgate', 'stopped; its rules stay');
  await sleep(500);
  await stage.startDaemon();
  narrator.event('sixgate', 'started again');
  await sleep(800);
  const report = await flows.stop();
  const { inside } = await lab.provider.counters();
  const lost = Object.values(report).reduce((sum, flow) => sum + flow.lost, 0);
  const sent = Object.values(report).reduce((sum, flow) => sum + flow.sent, 0);
  narrator.detail('lost', `${lost} of ${sent} probes over all flows; leaked ${inside}`);
  claims.check('daemon restart: lost and leaked', '0 and 0', `${lost} and ${inside}`, lost === 0 && inside === 0);
}
