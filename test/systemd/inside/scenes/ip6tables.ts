import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';
import { changeConfig } from './reload.ts';

export const ip6tables: Scene = {
  name: 'backend ip6tables under the packaged service',
  checks: [
    {
      name: 'reloaded, its chains come, those of nftables go, and the calls are asked for',
      async run(lab) {
        changeConfig('uplinks:', 'backend: ip6tables\nuplinks:');
        await lab.router.sh('systemctl reload sixgate');
        await waitUntil('the chains', patience, async () => {
          const { problems } = lab.state();
          return problems.some(({ mend }) => mend?.includes('-j SIXGATE-POST')) ? undefined : JSON.stringify(problems);
        });
        await untilTables(lab, []);
        await lab.expectNoLeak();
      },
    },
    {
      name: 'called as a firewall script does, it translates',
      async run(lab) {
        await lab.router.sh('sixgate apply --restore');
        await lab.untilInForce();
        await lab.untilAnswered();
        await waitUntil('no problem', patience, async () => {
          const { problems } = lab.state();
          return problems.length === 0 ? undefined : JSON.stringify(problems);
        });
        await lab.expectNoLeak();
      },
    },
    {
      name: 'killed, the next one finds all in order and leaves no guard in nftables behind',
      async run(lab) {
        const pid = await lab.show('sixgate', 'MainPID');
        await lab.router.sh('systemctl kill -s KILL sixgate');
        await lab.untilInForce({ not: pid });
        await untilTables(lab, []);
        await lab.untilAnswered();
        await lab.expectNoLeak();
      },
    },
    {
      name: 'back in nftables, nothing is in the chains; the calls are left to whoever made them',
      async run(lab) {
        changeConfig('backend: ip6tables\n', '');
        await lab.router.sh('systemctl reload sixgate');
        await untilTables(lab, ['inet sixgate_guard', 'ip6 sixgate']);
        await waitUntil('empty chains', patience, async () => {
          const chains = await lab.router.sh('ip6tables-save');
          return /^-A SIXGATE/m.test(chains) ? chains : undefined;
        });
        await lab.untilAnswered();
        await lab.expectNoLeak();
      },
    },
  ],
};

/** The held copy has a name of its own. */
async function untilTables(lab: Lab, wanted: readonly string[]): Promise<void> {
  const all = ['inet sixgate_guard', 'ip6 sixgate'];
  await waitUntil(`of our tables ${wanted.join(', ') || 'none'}`, patience, async () => {
    const tables = await lab.router.sh('nft list tables');
    const ours = all.filter((name) => tables.includes(`table ${name}\n`));
    return ours.join() === wanted.join() && lab.state().daemon.guardHeld ? undefined : tables;
  });
}
