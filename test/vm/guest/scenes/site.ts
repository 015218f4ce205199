import { betaBySixToFour } from '../by-hand.ts';
import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import { commandsIn } from '../commands-in.ts';
import { compareWithModel } from '../compare-with-model.ts';
import { expectAnswers, pings } from '../../../qemu/inside/ping.ts';
import type { Scene } from '../scene.ts';

export const site: Scene = {
  name: 'a LAN behind a 6to4 host, subnet 1 of its /48',
  async setUp(lab) {
    await lab.standing('beta', betaBySixToFour);
    await lab.fresh('alpha', 'desk');
    const alpha = lab.host('alpha');
    await install(alpha, 'alpha-site');
    await bringUp(alpha, 'ifupdown', expectedOf('alpha-site'));
    for (const command of commandsIn(await alpha.ok(['cat', '/etc/network/interfaces.d/tun6to4'])).slice(1)) {
      await alpha.run(['sh', '-c', command]);
    }
    await alpha.ok(['sysctl', '-p', '/etc/sysctl.d/60-sixgate-tun6to4.conf']);
    await alpha.ok(['nft', '-f', '/etc/sixgate/tunnel-tun6to4.nft']);
    await lab
      .host('desk')
      .sh(
        'ip address add 2002:cb00:7104:1::d/64 dev eth0 nodad; ip route add default via 2002:cb00:7104:1::1 dev eth0',
      );
  },
  checks: [
    {
      name: 'alpha has what the model says',
      run: (lab) => compareWithModel(lab.host('alpha'), expectedOf('alpha-site')),
    },
    {
      name: 'a host on the LAN reaches the other site',
      run: (lab) => expectAnswers(lab.host('desk'), '2002:cb00:714d::1'),
    },
    { name: 'the other site reaches it', run: (lab) => expectAnswers(lab.host('beta'), '2002:cb00:7104:1::d') },
    {
      name: 'a subnet that is not used is answered with "unreachable" and does not travel in circles',
      async run(lab) {
        const { text } = await pings(lab.host('beta'), '2002:cb00:7104:77::1');
        if (!/No route|Destination unreachable/.test(text)) throw new Error(text);
      },
    },
    {
      name: 'TCP from the LAN begins with segments that fit, 1220 bytes',
      async run(lab) {
        const beta = lab.host('beta');
        const dump = beta.start([
          'tcpdump',
          '-Z',
          'root',
          '-l',
          '-n',
          '-i',
          'peer',
          '-c',
          '1',
          'ip6[6] == 6 and ip6[53] & 2 != 0',
        ]);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await lab.host('desk').run(['sh', '-c', 'timeout 2 busybox wget -q -O - "http://[2002:cb00:714d::1]/"']);
        await new Promise((resolve) => setTimeout(resolve, 300));
        if (!dump.output.includes('mss 1220')) throw new Error(dump.output);
      },
    },
  ],
};
