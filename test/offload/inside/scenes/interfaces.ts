import type { Started } from '../../../qemu/inside/host.ts';
import { farSide, prefixB } from '../lab.ts';
import type { Scene } from '../scene.ts';

export const interfaces: Scene = {
  name: 'interfaces',
  checks: [
    {
      name: 'one that comes takes part, one that goes does not hold up anything',
      async run(lab) {
        await lab.router.ip('link add wlan0 type dummy');
        await lab.untilDevices('lan0, wan0, wlan0');
        await lab.router.ip('link del wlan0');
        await lab.untilDevices('lan0, wan0');
        await lab.untilMapped(prefixB);
      },
    },
    {
      name: 'the uplink goes and comes back with another index: flows are offloaded anew, nothing leaks',
      async run(lab) {
        flows = await lab.startFlows(lab.lan, farSide, ['udp-long', 'tcp-long']);
        await lab.untilOffloaded(['udp'], ['tcp']);
        await lab.router.ip('link del wan0');
        await lab.untilDevices('lan0');
        await lab.plug('fiber');
        await lab.untilDevices('lan0, wan0');
        const before = (await lab.seen()).b;
        await lab.untilOffloaded(['udp', 'dst=2001:db8:b::10']);
        const { b } = await lab.seenWithin(1000);
        if (b < 5) throw new Error(`${b} packets, ${before} before`);
        await lab.expectNoLeak();
        const { code, stdout } = await lab.sixgate('plan');
        if (code !== 0) throw new Error(stdout);
      },
    },
    {
      name: 'another route counts at once',
      async run(lab) {
        await lab.router.sh('ip -6 route add blackhole default metric 10');
        const { b } = await lab.seenWithin(1500);
        await lab.router.sh('ip -6 route del blackhole default metric 10');
        const after = (await lab.seenWithin(1500)).b;
        flows?.stop();
        if (b > 2 || after < 10) throw new Error(`${b} packets against the route, ${after} when it was gone`);
      },
    },
  ],
};

let flows: Started | undefined;
