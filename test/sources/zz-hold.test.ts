import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { setTimeout as pause } from 'node:timers/promises';
test('hold', { timeout: 3_600_000 }, async () => {
  const lab = await Lab.start({ name: 'srchold', times: { preferred: 60, valid: 120, renew: 20, rebind: 40 } });
  const h = lab.shell('router').inside('/').split('/')[2];
  writeFileSync('/tmp/srcscratch/holder', h + '\n' + lab.shell('provider').inside('/').split('/')[2] + '\n');
  let did = 0;
  for (let i = 0; i < 3000 && !existsSync('/tmp/srcscratch/stop'); i++) {
    await pause(1000);
    if (existsSync('/tmp/srcscratch/renumber' + (did + 1))) { did++; await lab.provider.renumber({ site: did + 1 }); }
  }
  await lab.stop();
});
