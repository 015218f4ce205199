import { readFileSync, writeFileSync } from 'node:fs';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

export const reload: Scene = {
  name: 'systemctl reload',
  checks: [
    {
      name: 'puts a change of the configuration in force without a new process',
      async run(lab) {
        const pid = await lab.show('sixgate', 'MainPID');
        changeConfig('uplink: wan }', 'uplink: wan, hairpin: false }');
        await lab.router.sh('systemctl reload sixgate');
        await untilHairpin(lab, false);
        if ((await lab.show('sixgate', 'MainPID')) !== pid) throw new Error('another process');
      },
    },
    {
      name: 'with a wrong one fails and says where it is wrong; the one in force stays, and status tells',
      async run(lab) {
        const pid = await lab.show('sixgate', 'MainPID');
        changeConfig('hairpin: false', 'hairpin: maybe');
        const { code } = await lab.router.try('systemctl reload sixgate');
        if (code === 0) throw new Error('systemctl reload was content');
        const said = await lab.router.sh('journalctl -b -u sixgate -o cat --no-pager -n 30');
        if (!/config\.yaml:\d+:\d+: /.test(said)) throw new Error(said);
        await waitUntil('a problem in the status', patience, async () => {
          const { problems } = lab.state();
          return problems.some(({ code: each }) => each.startsWith('config-')) ? undefined : JSON.stringify(problems);
        });
        if ((await lab.untilInForce()) !== pid) throw new Error('another process');
        await lab.untilAnswered();
      },
    },
    {
      name: 'with the mend made is content again',
      async run(lab) {
        changeConfig('uplink: wan, hairpin: maybe }', 'uplink: wan }');
        await lab.router.sh('systemctl reload sixgate');
        await untilHairpin(lab, true);
        if (lab.state().problems.length > 0) throw new Error(JSON.stringify(lab.state().problems));
        await lab.expectNoLeak();
      },
    },
  ],
};

const config = '/etc/sixgate/config.yaml';

export function changeConfig(from: string, to: string): void {
  const text = readFileSync(config, 'utf8');
  if (!text.includes(from)) throw new Error(`no ${from} in\n${text}`);
  writeFileSync(config, text.replace(from, to));
}

export function untilHairpin(lab: Lab, wanted: boolean): Promise<void> {
  return waitUntil(`hairpin: ${wanted}`, patience, async () => {
    const { translations } = lab.state();
    return translations[0]?.hairpin === wanted ? undefined : JSON.stringify(translations);
  });
}
