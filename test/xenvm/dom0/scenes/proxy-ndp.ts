import { expectAnswers, expectSilence } from '../../../qemu/inside/ping.ts';
import type { Scene } from '../scene.ts';

const address = '2001:db8:f::10';

export const proxyNdp: Scene = {
  name: 'a single address out of the /64 that the provider has on-link (proxy NDP)',
  async setUp(lab) {
    await lab.install();
    await lab.start('single');
  },
  checks: [
    { name: 'is reached from outside', run: (lab) => expectAnswers(lab.provider, address, { patience: 3 }) },
    {
      name: 'is not where nobody answers for it, and is again after "xen sync"',
      async run(lab) {
        await lab.dom0.ip(`neigh del proxy ${address} dev eth0`);
        await lab.provider.ip6('neigh flush dev wire');
        await expectSilence(lab.provider, address);
        await lab.sixgate('xen', 'sync');
        await lab.provider.ip6('neigh flush dev wire');
        await expectAnswers(lab.provider, address, { patience: 3 });
      },
    },
  ],
};
