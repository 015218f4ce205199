import { brokerEnd, internet, natGateway } from '../by-hand.ts';
import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import type { CaseName } from '../cases.ts';
import { compareWithModel } from '../compare-with-model.ts';
import { expectAnswers } from '../../../qemu/inside/ping.ts';
import type { Check, Scene } from '../scene.ts';

/** What the scenes of by-each-tool.ts do not have. */
export const withOptions: Scene = {
  name: 'by ifupdown, with options',
  checks: [
    modelOf('6rd that leaves out a common part of the IPv4 addresses', 'customer-masked-ifupdown'),
    modelOf('6to4 with a relay of its own', 'alpha-relay'),
  ],
};

export const letsInBroker: Scene = {
  name: '6in4 behind NAT, with a gateway that lets in the broker alone',
  async setUp(lab) {
    await lab.fresh('agency', 'gate', 'inner');
    const gate = lab.host('gate');
    await brokerEnd(lab.host('agency'), '192.0.2.88', '198.51.100.7');
    await install(gate, 'gate-peer-nftables');
    await natGateway(gate, 'include "/etc/sixgate/nat-gateway-forward.nft"');
    await gate.ok(['sh', '/etc/sixgate/nat-gateway.sh']);
    await install(lab.host('inner'), 'inner-client-ifupdown');
    await bringUp(lab.host('inner'), 'ifupdown', expectedOf('inner-client-ifupdown'));
  },
  checks: [
    {
      name: 'has what the model says',
      run: (lab) => compareWithModel(lab.host('inner'), expectedOf('inner-client-ifupdown')),
    },
    { name: 'is reached from the broker', run: (lab) => expectAnswers(lab.host('agency'), '2001:db8:1234::2') },
    {
      name: 'reaches the Internet, tracked anew',
      async run(lab) {
        await lab.host('gate').run(['conntrack', '-F']);
        await expectAnswers(lab.host('inner'), internet);
      },
    },
  ],
};

function modelOf(what: string, files: CaseName): Check {
  return {
    name: `${what} is what the model says`,
    async run(lab) {
      await lab.fresh('alpha');
      const alpha = lab.host('alpha');
      await install(alpha, files);
      await bringUp(alpha, 'ifupdown', expectedOf(files));
      await compareWithModel(alpha, expectedOf(files));
    },
  };
}
