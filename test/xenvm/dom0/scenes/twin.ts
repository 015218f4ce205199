import { existsSync } from 'node:fs';
import { expectAnswers, waitForAnswer } from '../../../qemu/inside/ping.ts';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { expectText } from '../expect-text.ts';
import { internet, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

const routesOf = (lab: Lab, prefix: string): Promise<string> => lab.dom0.ok(['ip', '-6', 'route', 'show', prefix]);

async function expectRoutes(lab: Lab): Promise<void> {
  const device = `vif${await lab.guest('twin').domid()}.0`;
  expectText(await routesOf(lab, '2001:db8:101:4::/64'), `dev ${device} `);
  expectText(await routesOf(lab, '2001:db8:101:5::/64'), 'dev inner1 ');
  expectText(await routesOf(lab, '2001:db8:102::/60'), `via fe80::216:3eff:fe00:4 dev ${device} `);
}

export const twin: Scene = {
  name: 'a guest with two interfaces, one of them named (vifname=), and a routed prefix',
  async setUp(lab) {
    await lab.install();
    await lab.start('twin');
  },
  checks: [
    { name: 'each interface has its prefix', run: expectRoutes },
    {
      name: 'it reaches the outside by the first, and by the second once it has a route there',
      async run(lab) {
        const guest = lab.guest('twin');
        await expectAnswers(guest, internet, { patience: 3 });
        await guest.ip(`route add ${internet} via fe80::1 dev eth1`);
        await expectAnswers(guest, internet, { patience: 3, from: '2001:db8:101:5::2' });
        await guest.ip(`route del ${internet} dev eth1`);
      },
    },
    {
      name: 'an address behind it is reached from outside',
      async run(lab) {
        await lab.guest('twin').ip('address add 2001:db8:102::1/128 dev lo');
        await expectAnswers(lab.provider, '2001:db8:102::1', { patience: 3 });
      },
    },
    {
      name: 'a third one is attached while it runs, and detached',
      async run(lab) {
        const guest = lab.guest('twin');
        const record = `/run/sixgate/xen/vif/${await guest.domid()}-2.json`;
        const options = 'mac=00:16:3e:00:00:06 script=vif-route ip=192.0.2.36'.split(' ');
        await lab.dom0.ok(['xl', 'network-attach', 'twin', ...options]);
        expectText(await routesOf(lab, '2001:db8:101:6::/64'), `dev vif${await guest.domid()}.2 `);
        if (!existsSync(record)) throw new Error(`${record} is not there`);
        await guest.sh('while [ ! -e /sys/class/net/eth2 ]; do usleep 20000; done; ifup eth2', { timeout: 150_000 });
        expectText(await guest.ok(['ping', '-6', '-c', '1', '-W', '3', 'fe80::1%eth2']), '1 received');
        await lab.dom0.ok(['xl', 'network-detach', 'twin', '2']);
        await waitUntil('the record is gone', 150_000, async () => (existsSync(record) ? record : undefined));
        const rest = await routesOf(lab, '2001:db8:101:6::/64');
        if (rest !== '') throw new Error(rest);
      },
    },
    {
      name: 'saved and restored, with another number, it has all of it again',
      async run(lab) {
        const guest = lab.guest('twin');
        const old = await guest.domid();
        await lab.dom0.ok(['xl', 'save', 'twin', '/tmp/twin.save']);
        await waitUntil('nothing of the old one is left', 150_000, async () =>
          existsSync(`/run/sixgate/xen/vif/${old}-0.json`) ? 'its record' : undefined,
        );
        await lab.dom0.ok(['xl', 'restore', '/tmp/twin.save']);
        await lab.dom0.ok(['rm', '/tmp/twin.save']);
        await guest.attach();
        if ((await guest.domid()) === old) throw new Error('it has its old number');
        await expectRoutes(lab);
        await waitForAnswer(guest, internet);
        await expectAnswers(guest, internet, { patience: 10, count: 4 });
        await expectAnswers(lab.provider, '2001:db8:102::1', { patience: 3 });
      },
    },
  ],
};
