import type { Started } from '../../../qemu/inside/host.ts';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { farSide, patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

let flows: Started;

/** Packets of the flows of now that reach far, and what somebody on the router counted of them meanwhile. */
async function compare(lab: Lab, count: () => Promise<number>): Promise<{ arrived: number; counted: number }> {
  const before = await count();
  const { a } = await lab.seenWithin(2000);
  return { arrived: a, counted: (await count()) - before };
}

function expectSeen({ arrived, counted }: { arrived: number; counted: number }): void {
  if (arrived < 20 || counted < 0.7 * arrived) throw new Error(`${counted} of ${arrived} packets`);
}

export const handOver: Scene = {
  name: 'established flows',
  async setUp(lab) {
    await lab.router.ok(['nft', '-f', '-'], { input: adminTable });
    flows = await lab.startFlows(lab.lan, farSide, ['udp-long', 'tcp-long']);
    await lab.untilOffloaded(['udp'], ['tcp']);
  },
  checks: [
    {
      name: 'pass by all rules of the forward hook, with their outside source',
      async run(lab) {
        const { arrived, counted } = await compare(lab, () => lab.forwarded());
        // A TCP segment that is acknowledged late may come again by the rules.
        if (arrived < 20 || counted > 0.1 * arrived)
          throw new Error(`${counted} of ${arrived} packets went through the rules`);
        await lab.expectNoLeak();
      },
    },
    {
      name: 'the second plan is empty',
      async run(lab) {
        const { code, stdout } = await lab.sixgate('plan');
        if (code !== 0) throw new Error(stdout);
      },
    },
    {
      name: 'a shaper on the uplink sees every one of their packets, and so does a policer of what comes in',
      async run(lab) {
        await lab.router.sh(
          `tc qdisc add dev wan0 root tbf rate 100mbit burst 32k latency 50ms
           tc qdisc add dev wan0 clsact
           tc filter add dev wan0 ingress matchall action police rate 1gbit burst 1m conform-exceed drop/pass`,
        );
        const sent = (what: string) => async () => {
          const text = await lab.router.sh(`tc -s ${what}`);
          return Number(/Sent \d+ bytes (\d+) pkt/.exec(text)?.[1]);
        };
        expectSeen(await compare(lab, sent('qdisc show dev wan0 root')));
        expectSeen(await compare(lab, sent('filter show dev wan0 ingress')));
        await lab.router.sh('tc qdisc del dev wan0 root; tc qdisc del dev wan0 clsact');
      },
    },
    {
      name: "conntrack's counts go on",
      async run(lab) {
        const count = async () => {
          const [line = ''] = (await lab.flows()).filter((each) => /^udp .*\[OFFLOAD\]/.test(each));
          return Number(/packets=(\d+)/.exec(line)?.[1]);
        };
        const before = await count();
        await lab.seenWithin(2000);
        const after = await count();
        if (!(after > before + 10)) throw new Error(`${before}, then ${after}`);
      },
    },
    {
      name: 'a packet that is too large for the uplink is told so',
      async run(lab) {
        await lab.router.sh('ip link set wan0 mtu 1400');
        const script = `exec 3<>/dev/udp/${farSide}/7777
          for i in 1 2 3 4 5 6; do echo "$i probe" >&3; read -t 5 -r answer <&3; done
          conntrack=$(head -c 1420 /dev/zero | tr '\\0' x); echo "$conntrack" >&3; sleep 1
          ip -6 route get ${farSide}`;
        const text = await lab.lan.ok(['bash', '-c', script]);
        await lab.router.sh('ip link set wan0 mtu 1500');
        await lab.lan.sh('ip -6 route flush cache');
        if (!text.includes('mtu 1400')) throw new Error(text);
      },
    },
    {
      name: 'an uplink that takes less than when the flow began: it is told once its entry was deleted, and not before',
      async run(lab) {
        // So far a fact of Linux 6.1: the flowtable keeps the size of then.
        const script = `exec 3<>/dev/udp/${farSide}/7777
          for i in 1 2 3 4 5 6; do echo "$i probe" >&3; read -t 5 -r answer <&3; done
          large() { head -c 1420 /dev/zero | tr '\\0' x >&3; sleep 1; ip -6 route get ${farSide}; }
          wait_for() { echo $1; while [ ! -e /run/$1 ]; do sleep 0.1; done; }
          wait_for lowered; large; wait_for deleted; large; echo end; sleep 1000`;
        const sender = lab.lan.start(['bash', '-c', script]);
        const says = (word: string) =>
          waitUntil(word, patience, async () => (sender.output.includes(word) ? undefined : sender.output));
        await says('lowered');
        await lab.router.sh('ip link set wan0 mtu 1400');
        await lab.lan.sh('touch /run/lowered');
        await says('deleted');
        const before = sender.output;
        await lab.router.sh('conntrack -D -f ipv6 -p udp --dport 7777 >/dev/null 2>&1');
        await lab.lan.sh('touch /run/deleted');
        await says('end');
        sender.stop();
        await lab.router.sh('ip link set wan0 mtu 1500');
        await lab.lan.sh('ip -6 route flush cache');
        if (before.includes('mtu 1400') || !sender.output.includes('mtu 1400')) throw new Error(sender.output);
      },
    },
    {
      name: 'end as they should: TCP is closed in the sight of conntrack',
      async run(lab) {
        flows.stop();
        await lab.seenWithin(1000);
        // An entry whose RST was not quite in order keeps its state for ten seconds.
        const lines = (await lab.flows()).filter((line) => line.startsWith('tcp'));
        const alive = lines.filter((line) => !(Number(/^tcp +6 (\d+) /.exec(line)?.[1]) <= 120));
        if (alive.length > 0) throw new Error(lines.join('\n'));
      },
    },
  ],
};

/** What an admin may have: a filter that counts, and a flowtable on the same interfaces. */
const adminTable = `table ip6 admin {
  counter forwarded { }
  flowtable own { hook ingress priority 10; devices = { lan0, wan0 }; }
  chain forward { type filter hook forward priority 0; counter name forwarded; }
}
`;
