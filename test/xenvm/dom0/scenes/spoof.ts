import { expectAnswers, pings } from '../../../qemu/inside/ping.ts';
import { internet, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

const trusting = 'conf.d/90-trust.yaml';

/** How many of three packets with a foreign source arrive at the provider. */
async function forgedArriving(lab: Lab): Promise<number> {
  await lab.provider.ok(['nft', '-f', '-'], {
    input: `table ip6 seen
delete table ip6 seen
table ip6 seen {
  chain in {
    type filter hook input priority filter;
    ip6 saddr 2001:db8:bad::/48 icmpv6 type echo-request counter
  }
}
`,
  });
  const { text } = await pings(lab.guest('mydomu1'), internet, { from: '2001:db8:bad::1', count: 3, patience: 0.5 });
  if (!text.includes('3 packets transmitted')) throw new Error(text);
  return Number(/counter packets (\d+)/.exec(await lab.provider.ok(['nft', 'list', 'table', 'ip6', 'seen']))?.[1]);
}

export const spoof: Scene = {
  name: 'a guest that sends from an address that is not its own (spoof)',
  async setUp(lab) {
    await lab.install();
    await lab.guest('mydomu1').ip('address add 2001:db8:bad::1/128 dev eth0 nodad');
  },
  checks: [
    {
      name: 'all of three packets arrive where the filter is switched off',
      async run(lab) {
        lab.configure(trusting, 'xen: { guests: { mydomu1: { vifs: { 0: { antiSpoof: false } } } } }\n');
        await lab.sixgate('xen', 'sync');
        const seen = await forgedArriving(lab);
        if (seen !== 3) throw new Error(`${seen} arrived`);
      },
    },
    {
      name: 'none does with the filter, which is the default, and good ones do',
      async run(lab) {
        await lab.dom0.ok(['rm', `/etc/sixgate/${trusting}`]);
        await lab.sixgate('xen', 'sync');
        const seen = await forgedArriving(lab);
        if (seen !== 0) throw new Error(`${seen} arrived`);
        await expectAnswers(lab.guest('mydomu1'), internet, { from: '2001:db8:101:1::2' });
      },
    },
  ],
};
