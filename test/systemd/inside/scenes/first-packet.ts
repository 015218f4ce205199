import type { Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

/** After the reboot; the host lan has been sending since before systemd brought anything up. */
export const firstPacket: Scene = {
  name: 'the machine boots',
  checks: [
    {
      name: 'the service is up before anything brings interfaces up',
      run: expectReadyFirst,
    },
    {
      name: 'the delegated prefix is in force, and systemd tells it',
      async run(lab) {
        await lab.untilInForce();
        await lab.untilAnswered();
        const status = await lab.show('sixgate', 'StatusText');
        if (!status.includes('2001:db8:a:aa80::/58')) throw new Error(status);
        if ((await lab.show('sixgate', 'User')) !== 'sixgate') throw new Error('not as its own user');
        if (!lab.state().daemon.guardHeld) throw new Error(JSON.stringify(lab.state().problems));
      },
    },
    {
      name: 'not a packet with an inside source left the uplink since power was on',
      run: (lab) => lab.expectNoLeak(),
    },
  ],
};

/** Throws where something configured interfaces before the guard stood. */
export async function expectReadyFirst(lab: Lab): Promise<void> {
  const ready = Number(await lab.show('sixgate', 'ActiveEnterTimestampMonotonic'));
  if (!(ready > 0)) throw new Error(await lab.router.sh('systemctl status --no-pager -l sixgate || true'));
  for (const unit of ['networking', 'dhcpcd']) {
    const started = Number(await lab.show(unit, 'ExecMainStartTimestampMonotonic'));
    if (!(started > 0)) throw new Error(`${unit} did not start`);
    if (started < ready) throw new Error(`${unit} ${(ready - started) / 1000} ms before`);
  }
}
