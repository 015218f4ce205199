import { bothUplinks } from '../configs.ts';
import { farSide, prefixB, prefixC } from '../lab.ts';
import type { Scene } from '../scene.ts';

export const twoUplinks: Scene = {
  name: 'two uplinks',
  async setUp(lab) {
    await lab.plug('mobile');
    await lab.configure(bothUplinks);
    await lab.delegate('mobile', `${prefixC},3600,7200`);
    await lab.untilMapped(prefixB, prefixC);
    await lab.untilDevices('lan0, wan0, wan1');
  },
  checks: [
    {
      name: 'offloaded flows leave one that is down, and live on where they are when it is back',
      async run(lab) {
        const flows = await lab.startFlows(lab.lan, farSide, ['udp-long', 'tcp-long']);
        await lab.untilOffloaded(['udp', 'dst=2001:db8:b::10'], ['tcp', 'dst=2001:db8:b::10']);
        await lab.far.sh('ip link set p0 down');
        await lab.untilOffloaded(['udp', 'dst=2001:db8:c::10'], ['tcp', 'dst=2001:db8:c::10']);
        await lab.far.sh('ip link set p0 up; ip -6 address replace fe80::2/64 dev p0 nodad');
        await lab.far.ip(`route replace ${prefixB} via fe80::1 dev p0`);
        const { b, c } = await lab.seenWithin(2000);
        flows.stop();
        if (b > 0 || c < 10) throw new Error(`${b} packets by fiber, ${c} by mobile`);
        await lab.expectNoLeak();
      },
    },
  ],
};
