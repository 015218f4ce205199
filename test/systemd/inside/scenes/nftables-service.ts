import { waitUntil } from '../../../qemu/inside/wait-until.ts';
import { patience, type Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

/** Debian's own firewall service: its start, reload and stop all begin with "flush ruleset". */
export const nftablesService: Scene = {
  name: 'nftables.service beside it',
  checks: ['start', 'reload', 'stop'].map((verb) => ({
    name: `${verb}: healed, nothing leaked`,
    async run(lab) {
      // While no daemon runs, a flush takes everything.
      await lab.untilInForce();
      await lab.router.sh(`systemctl ${verb} nftables.service`);
      await waitUntil('both guards and the translation', patience, async () => {
        const tables = await lab.router.sh('nft list tables');
        const ours = ['inet sixgate_guard', 'ip6 sixgate'].filter((name) => !tables.includes(`table ${name}\n`));
        return ours.length === 0 && lab.state().daemon.guardHeld ? undefined : tables;
      });
      await lab.untilAnswered();
      await lab.expectNoLeak();
    },
  })) satisfies readonly { name: string; run(lab: Lab): Promise<void> }[],
};
