import { oneUplink, unnamedLan, withPinhole } from '../configs.ts';
import { farSide, filteredPort, patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';
import { waitUntil } from '../../../qemu/inside/wait-until.ts';

const lanOutside = '2001:db8:a::10';

export const filters: Scene = {
  name: 'filters',
  checks: [
    {
      name: 'what a filter of others drops is never handed over, also where its first packet passed',
      async run(lab) {
        await lab.router.sh(`nft add rule ip6 admin forward udp dport ${filteredPort} ct state established drop`);
        const flow = await lab.startFlows(lab.lan, farSide, ['udp-long'], filteredPort);
        const { a } = await lab.seenWithin(3000);
        const lines = (await lab.flows()).filter((line) => line.includes(`dport=${filteredPort}`));
        flow.stop();
        if (a > 3 || lines.length === 0 || lines.some((line) => line.includes('[OFFLOAD]'))) {
          throw new Error(`${a} packets arrived\n${lines.join('\n')}`);
        }
      },
    },
    {
      name: 'a rule that comes later does not see a flow that was handed over, until that is deleted from conntrack',
      async run(lab) {
        const flow = await lab.startFlows(lab.lan, farSide, ['udp-long']);
        await lab.untilOffloaded(['udp', 'dport=7777']);
        await lab.router.sh('nft insert rule ip6 admin forward udp dport 7777 drop');
        const passed = (await lab.seenWithin(2000)).a;
        await lab.router.sh(`conntrack -D -f ipv6 -p udp --dport 7777 >/dev/null 2>&1`);
        const stopped = (await lab.seenWithin(2000)).a;
        flow.stop();
        await lab.router.sh(
          'nft delete rule ip6 admin forward handle $(nft -a list chain ip6 admin forward | sed -n "s/.*dport 7777 drop # handle //p")',
        );
        if (passed < 10 || stopped > 3) throw new Error(`${passed} packets passed it, ${stopped} after the deletion`);
      },
    },
    {
      name: 'a flow that came in through a pinhole is handed over too',
      async run(lab) {
        await lab.configure(withPinhole);
        await waitUntil('the pinhole', patience, async () => {
          const answer = await lab.ask(lab.far, lanOutside);
          return answer === farSide ? undefined : answer;
        });
        pinhole = await lab.startFlows(lab.far, lanOutside, ['udp-long']);
        await lab.untilOffloaded(['udp', `dst=${lanOutside}`]);
      },
    },
    {
      name: 'the pinhole goes: nothing new comes in; what was let in goes on, as without offload',
      async run(lab) {
        await lab.configure(oneUplink);
        await waitUntil('no pinhole', patience, async () => {
          const answer = await lab.ask(lab.far, lanOutside);
          return answer === farSide ? 'it is answered' : undefined;
        });
        const { a } = await lab.seenWithin(1500);
        pinhole!.stop();
        if (a < 10) throw new Error(`${a} answers`);
      },
    },
    {
      name: 'behind an interface that is not named, what comes in passes by the rules and what goes out does not',
      async run(lab) {
        await lab.configure(unnamedLan);
        await lab.untilDevices('wan0');
        const flows = await lab.startFlows(lab.lan, farSide, ['udp-long', 'tcp-long']);
        await lab.untilOffloaded(['udp', 'dport=7777'], ['tcp']);
        const before = await lab.forwarded();
        const { a } = await lab.seenWithin(2000);
        const counted = (await lab.forwarded()) - before;
        flows.stop();
        await lab.configure(oneUplink);
        await lab.untilDevices('lan0, wan0');
        if (a < 20 || counted < 0.7 * a || counted > 1.4 * a)
          throw new Error(`${a} packets out, ${counted} through the rules`);
      },
    },
    {
      name: 'doctor names the counter of others that no longer sees every packet, and their flowtable once a rule hands flows over to it',
      async run(lab) {
        const before = await findings(lab);
        await lab.router.sh('nft add chain ip6 admin late "{ type filter hook forward priority 5; }"');
        await lab.router.sh('nft add rule ip6 admin late udp dport 9 flow add @own');
        const during = await findings(lab);
        await lab.router.sh('nft delete chain ip6 admin late');
        const told = JSON.stringify({ before, during });
        if (!before['offload-rules']?.endsWith('ip6 admin, chain forward (counter)')) throw new Error(told);
        if ('offload-rules:flowtables' in before) throw new Error(told);
        if (!/ip6 admin, flowtable own \((lan0, wan0|wan0, lan0)\)/.test(during['offload-rules:flowtables'] ?? ''))
          throw new Error(told);
      },
    },
    {
      name: 'the flowtable of others on the same interfaces is as it was',
      async run(lab) {
        const text = await lab.router.sh('nft -s list table ip6 admin');
        if (!/flowtable own \{\s*hook ingress priority (filter \+ )?10\s*devices = \{ lan0, wan0 \}/.test(text))
          throw new Error(text);
      },
    },
  ],
};

/** What doctor warns of, by its id. */
async function findings(lab: Lab): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await lab.sixgate('doctor', '--json');
  const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string; found: string }[] };
  return Object.fromEntries(checks.flatMap(({ id, result, found }) => (result === 'warning' ? [[id, found]] : [])));
}

let pinhole: { stop(): void } | undefined;
