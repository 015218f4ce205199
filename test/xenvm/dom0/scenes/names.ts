import { expectAnswers } from '../../../qemu/inside/ping.ts';
import { expectText } from '../expect-text.ts';
import { internet } from '../lab.ts';
import type { Scene } from '../scene.ts';

export const names: Scene = {
  name: 'MYDOMU1 and my.omu1 beside mydomu1, created at once',
  async setUp(lab) {
    await lab.install();
    await Promise.all([lab.start('MYDOMU1'), lab.start('my.omu1')]);
  },
  checks: [
    {
      name: 'each has its own prefix and no other',
      async run(lab) {
        for (const [name, prefix] of [
          ['MYDOMU1', '2001:db8:101:2::/64'],
          ['my.omu1', '2001:db8:101:3::/64'],
        ] as const) {
          const device = `vif${await lab.guest(name).domid()}.0`;
          const routes = await lab.dom0.ok(['ip', '-6', 'route', 'show', 'dev', device]);
          const global = routes.split('\n').filter((line) => line.startsWith('2001:'));
          if (global.length !== 1 || !global[0]!.startsWith(prefix)) throw new Error(`${name}: ${routes}`);
        }
      },
    },
    {
      name: 'PVH, by networkd: reaches the outside, and over IPv4 too',
      async run(lab) {
        const guest = lab.guest('MYDOMU1');
        await expectAnswers(guest, internet, { patience: 3 });
        expectText(await guest.ok(['ping', '-c', '1', '-W', '2', '192.0.2.254']), '1 received');
      },
    },
    {
      name: 'PV, by netplan: reaches the outside, and over IPv4 too',
      async run(lab) {
        const guest = lab.guest('my.omu1');
        await expectAnswers(guest, internet, { patience: 3 });
        expectText(await guest.ok(['ping', '-c', '1', '-W', '2', '192.0.2.254']), '1 received');
      },
    },
    {
      name: 'they reach each other',
      run: (lab) => expectAnswers(lab.guest('MYDOMU1'), '2001:db8:101:3::2', { patience: 3 }),
    },
  ],
};
