import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStream, type RunningStream } from '../lab/probes.ts';
import { waitForMapping } from '../translate/following.ts';
import { allWell } from '../translate/talk.ts';
import { config, startStage, type Stage } from './stage.ts';

// The rules in ip6tables, on a host where ufw has its own there.

let stage: Stage;
let stream: RunningStream;
beforeAll(async () => {
  stage = await startStage('ufwchains', 'bookworm');
  await stage.run('ufw', '--force', 'enable');
  await stage.startSixgate(`backend: ip6tables\n${config}`);
  await stage.lab.provider.resetCounters();
  stream = await startStream(stage.lab, 'lan1', { rate: 500, ports: 100 });
  await stage.lab.router.startGeneratedDhcpcd();
}, 300_000);
afterAll(async () => {
  await stream?.stop();
  await stage?.lab.stop();
});

test('doctor has what to do for both', async () => {
  expect((await stage.sixgate('apply', '--restore')).code).toBe(0);
  const found = await stage.obstacles();
  expect(found.map(({ id }) => id).sort()).toEqual([
    'firewall-forward:lan',
    'firewall-forward:servers',
    'firewall-pinholes:dsl',
  ]);
  for (const { mend } of found) await stage.shell(mend!);
  expect(await stage.obstacles()).toEqual([]);
  await waitForMapping(stage.lab, (prefix) => prefix !== undefined);
  expect(await stage.talk(1)).toEqual(allWell(1));
});

test('ufw reloads, stops and starts: the chains stay, and so do the calls', async () => {
  await stage.renumber(2);
  await stage.run('ufw', 'reload');
  expect(await stage.talk(2)).toEqual(allWell(2));
  await stage.run('ufw', 'disable');
  await stage.run('ufw', '--force', 'enable');
  await stage.renumber(3);
  expect(await stage.talk(3)).toEqual(allWell(3));
  expect((await stage.sixgate('status')).code).toBe(0);
  expect(await stage.leaked()).toBe(0);
});
