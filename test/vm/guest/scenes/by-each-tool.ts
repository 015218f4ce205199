import { betaBySixToFour, borderRelay, brokerEnd, gammaBySixRd, internet, natGateway } from '../by-hand.ts';
import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import type { CaseName, Target } from '../cases.ts';
import { compareWithModel, expectEqual } from '../compare-with-model.ts';
import type { HostName, Lab } from '../lab.ts';
import { expectAnswers } from '../../../qemu/inside/ping.ts';
import type { Check, Scene } from '../scene.ts';

interface Situation {
  readonly what: string;
  readonly who: 'alpha' | 'inner' | 'customer' | 'client';
  readonly on: HostName;
  readonly targets: readonly Target[];
  /** Fresh hosts and the other end. */
  readonly prepare: (lab: Lab) => Promise<void>;
  readonly traffic: readonly Check[];
}

const all = ['ifupdown', 'networkd', 'netplan', 'networkmanager'] as const;

const situations: readonly Situation[] = [
  {
    what: '6to4 on a public host',
    who: 'alpha',
    on: 'alpha',
    targets: all,
    async prepare(lab) {
      await lab.standing('beta', betaBySixToFour);
      await lab.fresh('alpha');
    },
    traffic: [
      { name: 'reaches the other site', run: (lab) => expectAnswers(lab.host('alpha'), '2002:cb00:714d::1') },
      { name: 'is reached from the other site', run: (lab) => expectAnswers(lab.host('beta'), '2002:cb00:7104::1') },
      {
        name: 'passes a packet of 1280 bytes whole',
        run: (lab) => expectAnswers(lab.host('alpha'), '2002:cb00:714d::1', { size: 1232, whole: true }),
      },
    ],
  },
  {
    what: '6to4 behind NAT',
    who: 'inner',
    on: 'inner',
    targets: all,
    async prepare(lab) {
      await lab.standing('beta', betaBySixToFour);
      await lab.fresh('gate', 'inner');
      await install(lab.host('gate'), 'gate-nftables');
      await natGateway(lab.host('gate'), 'include "/etc/sixgate/nat-gateway-forward.nft"');
      await lab.host('gate').ok(['sh', '/etc/sixgate/nat-gateway.sh']);
    },
    traffic: [
      { name: 'is reached from outside', run: (lab) => expectAnswers(lab.host('beta'), '2002:c633:6407::1') },
      {
        name: 'reaches outside, tracked anew',
        async run(lab) {
          await lab.host('gate').run(['conntrack', '-F']);
          await expectAnswers(lab.host('inner'), '2002:cb00:714d::1');
        },
      },
    ],
  },
  {
    what: '6rd',
    who: 'customer',
    on: 'alpha',
    targets: ['ifupdown', 'networkd'],
    async prepare(lab) {
      await lab.standing('relay', borderRelay);
      await lab.standing('gamma', gammaBySixRd);
      await lab.fresh('alpha');
    },
    traffic: [
      { name: 'reaches the Internet by the border relay', run: (lab) => expectAnswers(lab.host('alpha'), internet) },
      {
        name: 'is reached from the Internet',
        run: (lab) => expectAnswers(lab.host('relay'), '2001:db8:cb00:7104::1', { from: internet }),
      },
      {
        name: 'reaches another customer directly',
        run: (lab) => expectAnswers(lab.host('alpha'), '2001:db8:cb00:714e::1'),
      },
    ],
  },
  {
    what: '6in4 to a broker',
    who: 'client',
    on: 'alpha',
    targets: all,
    async prepare(lab) {
      await lab.standing('broker', (broker) => brokerEnd(broker, '192.0.2.99', '203.0.113.4'));
      await lab.fresh('alpha');
    },
    traffic: [
      { name: 'reaches the Internet by the broker', run: (lab) => expectAnswers(lab.host('alpha'), internet) },
      { name: 'is reached from the broker', run: (lab) => expectAnswers(lab.host('broker'), '2001:db8:1234::2') },
    ],
  },
];

const ifdown: Check = {
  name: 'ifdown leaves neither interface nor routes',
  async run(lab) {
    const alpha = lab.host('alpha');
    await alpha.ok(['ifdown', 'tun6to4']);
    const links = await alpha.json<{ ifname: string }[]>(['ip', '-j', 'link']);
    const routes = await alpha.json<unknown[]>(['ip', '-j', '-6', 'route', 'show', 'type', 'unreachable']);
    expectEqual('links', links.map(({ ifname }) => ifname).toSorted(), ['eth0', 'lo', 'sit0']);
    expectEqual('unreachable routes', routes, []);
  },
};

/** Each kind of tunnel, put up by each tool from its generated files alone. */
export function byEachTool(host: 'alpha' | 'inner'): readonly Scene[] {
  return situations
    .filter(({ on }) => on === host)
    .flatMap(({ what, who, on, targets, prepare, traffic }) =>
      targets.map((target): Scene => {
        const name = `${who}-${target}` as CaseName;
        return {
          name: `${what}, by ${target}`,
          async setUp(lab) {
            await prepare(lab);
            await install(lab.host(on), name);
            await bringUp(lab.host(on), target, expectedOf(name));
          },
          checks: [
            { name: 'has what the model says', run: (lab) => compareWithModel(lab.host(on), expectedOf(name)) },
            ...traffic,
            ...(target === 'ifupdown' && who === 'alpha' ? [ifdown] : []),
          ],
        };
      }),
    );
}
