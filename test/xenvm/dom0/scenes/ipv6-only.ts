import { expectAnswers } from '../../../qemu/inside/ping.ts';
import { Guest } from '../guest.ts';
import { bringUpBy } from '../bring-up.ts';
import { expectText } from '../expect-text.ts';
import { internet, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

let six: Guest | undefined;

async function create(lab: Lab, script: string): Promise<Guest> {
  return new Guest(lab.dom0, 'six', {
    type: 'pvh',
    config: `vif = [ 'mac=00:16:3e:00:00:09,script=${script},ip=2001:db8:101:9::2' ]`,
    files: '/sixgate/guests/six/files',
    bringUp: bringUpBy('ifupdown', 1),
  });
}

export const ipv6Only: Scene = {
  name: 'a Dom0 without IPv4, and IPv6 in ip= of xl.cfg (vif-route6)',
  async setUp(lab) {
    await lab.install();
    await lab.dom0.ip('address del 192.0.2.1/24 dev eth0');
  },
  checks: [
    {
      name: 'vif-route of Xen lets no guest start',
      async run(lab) {
        const { code, stderr } = await (await create(lab, 'vif-route')).create();
        if (code === 0) throw new Error('it starts');
        expectText(stderr, 'vif-route');
      },
    },
    {
      name: 'vif-route6 does, and the guest reaches the outside without an entry in the configuration',
      async run(lab) {
        six = await (await create(lab, 'vif-route6')).start();
        await expectAnswers(six, internet, { patience: 3 });
      },
    },
  ],
};
