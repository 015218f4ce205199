import { readFileSync, writeFileSync } from 'node:fs';
import type { Lab } from '../lab.ts';
import type { Started } from '../place.ts';
import type { Scene } from '../scene.ts';
import { untilHairpin } from './reload.ts';

const config = '/etc/sixgate/config.yaml';
/** Where an admin has it: the daemon cannot read there. */
const proposed = '/root/new.yaml';

export const trial: Scene = {
  name: 'sixgate try',
  checks: [
    {
      name: 'goes back when the session that began it is killed',
      async run(lab) {
        const session = await begin(lab);
        session.kill();
        await untilHairpin(lab, true);
        await expectAsBefore(lab);
      },
    },
    {
      name: 'goes back when the daemon is killed meanwhile; systemd starts that anew',
      async run(lab) {
        const killed = await lab.show('sixgate', 'MainPID');
        const session = await begin(lab);
        process.kill(Number(killed), 'SIGKILL');
        await lab.untilInForce({ not: killed });
        await untilHairpin(lab, true);
        session.kill();
        await expectAsBefore(lab);
      },
    },
  ],
};

/** A session with a trial in force. */
async function begin(lab: Lab): Promise<Started> {
  writeFileSync(proposed, readFileSync(config, 'utf8').replace('uplink: wan }', 'uplink: wan, hairpin: false }'));
  const session = lab.router.start(['sh', '-c', `sixgate try --config ${proposed} --timeout 600s; true`]);
  await untilHairpin(lab, false);
  return session;
}

async function expectAsBefore(lab: Lab): Promise<void> {
  if (readFileSync(config, 'utf8').includes('hairpin')) throw new Error('the file was changed');
  await lab.untilAnswered();
  await lab.expectNoLeak();
}
