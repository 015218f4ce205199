import { renameSync, statSync } from 'node:fs';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';
import { expectReadyFirst } from './first-packet.ts';
import { changeConfig } from './reload.ts';

const file = '/etc/sixgate/config.yaml';

/** The last thing before another boot. */
export const wrongConfigBefore: Scene = {
  name: 'a wrong configuration before a reboot',
  checks: [
    {
      name: 'what is in force is kept, for the daemon alone; then somebody mistypes, and does not look',
      async run(lab) {
        await lab.untilInForce();
        const { mode } = statSync('/var/lib/sixgate/last-config.json');
        if ((mode & 0o7777) !== 0o640) throw new Error(`mode ${mode.toString(8)}`);
        await lab.router.sh('stat -c %U:%G /var/lib/sixgate/last-config.json | grep -x sixgate:sixgate');
        changeConfig('uplink: wan', 'uplink: wna');
      },
    },
  ],
};

/** The first thing after it. */
export const wrongConfigAfter: Scene = {
  name: 'a wrong configuration after a reboot',
  checks: [
    {
      name: 'the service is up before anything brings interfaces up, with what was in force',
      async run(lab) {
        await expectReadyFirst(lab);
        await lab.untilInForce();
        await lab.untilAnswered();
        if (!lab.state().daemon.guardHeld) throw new Error(JSON.stringify(lab.state().problems));
      },
    },
    {
      name: 'the guard of the last run stood when the daemon started: that did not have to make it',
      async run(lab) {
        const said = (await lab.journal()).map(({ message }) => message);
        if (!said.some((line) => line.includes('ip6 sixgate is not there'))) throw new Error(said.join('\n'));
        if (said.some((line) => line.includes('inet sixgate_guard is not there'))) throw new Error(said.join('\n'));
      },
    },
    {
      name: 'not a packet with an inside source left the uplink',
      run: (lab) => lab.expectNoLeak(),
    },
    {
      name: "the journal, the state and systemd's status line tell what is wrong and where",
      async run(lab) {
        const place = /config\.yaml:\d+:\d+: /;
        const problem = lab.state().problems.find(({ code }) => code === 'config-fallback');
        if (!place.test(problem?.message ?? '')) throw new Error(JSON.stringify(lab.state().problems));
        const status = await lab.show('sixgate', 'StatusText');
        if (!status.startsWith('THE CONFIGURATION IS WRONG') || !place.test(status)) throw new Error(status);
        const errors = (await lab.journal()).filter(({ priority }) => priority === '3');
        if (!errors.some(({ message }) => place.test(message))) throw new Error(JSON.stringify(errors));
      },
    },
    {
      name: 'with the mend made, systemctl reload takes it',
      async run(lab) {
        changeConfig('uplink: wna', 'uplink: wan');
        await lab.router.sh('systemctl reload sixgate');
        await untilNoProblem(lab);
        await lab.untilAnswered();
      },
    },
    {
      name: 'with no file at all, systemctl restart starts it all the same',
      async run(lab) {
        const pid = await lab.show('sixgate', 'MainPID');
        renameSync(file, `${file}.away`);
        await lab.router.sh('systemctl restart sixgate');
        await lab.untilInForce({ not: pid });
        if (!lab.state().problems.some(({ code }) => code === 'config-fallback')) throw new Error('it says nothing');
        renameSync(`${file}.away`, file);
        await lab.router.sh('systemctl reload sixgate');
        await untilNoProblem(lab);
        await lab.expectNoLeak();
      },
    },
  ],
};

function untilNoProblem(lab: Lab): Promise<void> {
  return waitUntil('no problem', patience, async () => {
    const { problems } = lab.state();
    return problems.length === 0 ? undefined : JSON.stringify(problems);
  });
}
