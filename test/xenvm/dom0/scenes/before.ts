import { expectAnswers, expectSilence, waitForAnswer } from '../../../qemu/inside/ping.ts';
import { expectText } from '../expect-text.ts';
import { internet } from '../lab.ts';
import type { Scene } from '../scene.ts';

export const before: Scene = {
  name: 'a script that asks xenstore for the key "domain"',
  setUp: (lab) => lab.before(),
  checks: [
    {
      name: 'the guest starts without IPv6, and nobody is told',
      async run(lab) {
        const guest = lab.guest('mydomu1');
        const device = `vif${await guest.domid()}.0`;
        const addresses = await lab.dom0.ok(['ip', '-6', 'address', 'show', 'dev', device]);
        if (addresses.includes('2001:')) throw new Error(addresses);
        await expectSilence(guest, internet);
        const { code } = await lab.dom0.run(['xenstore-exists', `backend/vif/${await guest.domid()}/0/hotplug-error`]);
        if (code === 0) throw new Error('there is a hotplug-error');
      },
    },
    {
      name: 'the very guest has IPv6 as soon as sixgate is installed and "xen sync" has run',
      async run(lab) {
        await lab.install();
        await lab.sixgate('xen', 'sync');
        const guest = lab.guest('mydomu1');
        await waitForAnswer(guest, internet);
        await expectAnswers(guest, internet);
      },
    },
    {
      name: 'its gateway is in its prefix, and IPv4 is as before',
      async run(lab) {
        const guest = lab.guest('mydomu1');
        expectText(await guest.ok(['ip', '-6', 'route']), 'default via 2001:db8:101:1::1 dev eth0');
        expectText(await guest.ok(['ping', '-c', '1', '-W', '2', '192.0.2.254']), '1 received');
      },
    },
  ],
};
