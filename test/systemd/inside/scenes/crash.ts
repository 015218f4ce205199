import type { Scene } from '../scene.ts';

export const crash: Scene = {
  name: 'a daemon that is killed',
  checks: [
    {
      name: 'leaves rules that translate on, and is started anew',
      async run(lab) {
        const restarts = Number(await lab.show('sixgate', 'NRestarts'));
        const killed = await lab.show('sixgate', 'MainPID');
        process.kill(Number(killed), 'SIGKILL');
        await lab.untilAnswered();
        await lab.untilInForce({ not: killed });
        if (Number(await lab.show('sixgate', 'NRestarts')) !== restarts + 1) throw new Error('not by systemd');
        if (!lab.state().daemon.guardHeld) throw new Error('the guard is not held');
        await lab.expectNoLeak();
      },
    },
    {
      name: 'after any number of crashes in a row is started again: systemd does not give up',
      async run(lab) {
        const limit = await lab.show('sixgate', 'StartLimitIntervalUSec');
        if (limit !== '0') throw new Error(limit);
      },
    },
  ],
};
