import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { delegated, inside, patience } from '../lab.ts';
import type { Scene } from '../scene.ts';
import { changeConfig } from './reload.ts';

export const rfc6296: Scene = {
  name: 'mode rfc6296 under the packaged service',
  checks: [
    {
      name: 'a reload is not enough, which the status says with the way out; nothing leaves untranslated',
      async run(lab) {
        changeConfig('uplink: wan }', 'uplink: wan, mode: rfc6296 }');
        await lab.router.try('systemctl reload sixgate');
        await waitUntil('the problem', patience, async () => {
          const { problems } = lab.state();
          const told = problems.find(({ code }) => code === 'program-refused');
          return told?.mend?.includes('systemctl daemon-reload') ? undefined : JSON.stringify(problems);
        });
        await lab.expectNoLeak();
      },
    },
    {
      name: 'done as it says it translates: the far side sees the address that "sixgate map" tells',
      async run(lab) {
        const old = await lab.show('sixgate', 'MainPID');
        await lab.router.sh('systemctl daemon-reload && systemctl restart sixgate');
        await lab.untilInForce({ not: old });
        await lab.untilAnswered();
        const mapped = await lab.router.sh(
          `sixgate map fd12:3456:789a::10 --mode rfc6296 --inside ${inside} --outside ${delegated} --json`,
        );
        const stop = await lab.startFlows(['udp-new']);
        await lab.untilAnswered();
        const [report] = await stop();
        const expected = (JSON.parse(mapped) as { mapped: string }).mapped;
        if (report?.sources.map(({ address }) => address).join() !== expected) {
          throw new Error(`${expected} expected: ${JSON.stringify(report)}`);
        }
        await lab.expectNoLeak();
      },
    },
    {
      name: 'with the rights for that it is still its own user, and its exposure at most 2.1',
      async run({ router }) {
        const text = await router.sh('systemd-analyze security --no-pager sixgate.service | tail -n 1');
        if (!(Number(/ ([0-9.]+) /.exec(text)?.[1]) <= 2.1)) throw new Error(text);
        await router.sh('[ "$(systemctl show sixgate -p User --value)" = sixgate ]');
      },
    },
  ],
};
