import type { Scene } from '../scene.ts';

const address = 'http://[::1]:6460';

export const pages: Scene = {
  name: 'the pages',
  async setUp(lab) {
    await lab.untilInForce();
    await lab.router.sh('systemctl enable --now sixgate-serve.socket');
  },
  checks: [
    {
      name: 'are started by the first who asks, under a user that exists as long as they run',
      async run(lab) {
        if ((await lab.show('sixgate-serve', 'ActiveState')) !== 'inactive')
          throw new Error('it ran before anybody asked');
        const answer = await fetch(`${address}/`);
        if (!answer.ok) throw new Error(String(answer.status));
        const pid = await lab.show('sixgate-serve', 'MainPID');
        const user = (await lab.router.sh(`ps -o uid= -p ${pid}`)).trim();
        // DynamicUser takes from 61184 to 65519.
        if (Number(user) < 61184) throw new Error(`user ${user}`);
      },
    },
    {
      name: 'tell what the daemon of the other unit does',
      async run() {
        const metrics = await (await fetch(`${address}/metrics`)).text();
        for (const line of ['sixgate_up 1', 'outside="2001:db8:a:aa80::/58"']) {
          if (!metrics.includes(line)) throw new Error(`no ${line} in\n${metrics.slice(0, 1500)}`);
        }
      },
    },
  ],
};
