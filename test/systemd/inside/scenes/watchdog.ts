import type { Scene } from '../scene.ts';

export const watchdog: Scene = {
  name: 'a daemon that hangs',
  checks: [
    {
      name: 'holds the guard, is noticed by the watchdog and started anew; translation goes on meanwhile',
      async run(lab) {
        const hanging = await lab.show('sixgate', 'MainPID');
        process.kill(Number(hanging), 'SIGSTOP');
        await lab.untilAnswered();
        const tables = await lab.router.sh('nft list tables');
        if (!/sixgate_held|sixgate_guard/.test(tables)) throw new Error(tables);
        await lab.untilInForce({ not: hanging });
        const said = await lab.router.sh('journalctl -b -u sixgate _PID=1 -o cat --no-pager');
        if (!said.includes('Watchdog timeout')) throw new Error(said.slice(-1500));
        if (Number(await lab.show('sixgate', 'NRestarts')) < 1) throw new Error('not started anew by systemd');
        await lab.expectNoLeak();
      },
    },
  ],
};
