import { existsSync, readFileSync, statSync } from 'node:fs';
import { inside } from '../lab.ts';
import type { Scene } from '../scene.ts';

/** What an admin does on the first day, up to the reboot. */
export const installation: Scene = {
  name: 'the package on a machine with systemd',
  checks: [
    {
      name: 'apt installs it with nothing else: what it depends on is Debian 12 as it comes',
      async run({ router }) {
        const before = await router.sh('dpkg-query -W | wc -l');
        await router.sh('apt-get -y install /sixgate/sixgate.deb');
        const after = await router.sh('dpkg-query -W | wc -l');
        if (Number(after) !== Number(before) + 1)
          throw new Error(`${before.trim()} packages before, ${after.trim()} after`);
        await router.sh('dpkg --verify sixgate >/tmp/verified; cat /tmp/verified; [ ! -s /tmp/verified ]');
      },
    },
    {
      name: 'the service is enabled and waits for a configuration, the pages are there for whoever wants them',
      async run(lab) {
        const { stdout } = await lab.router.try('systemctl is-enabled sixgate.service sixgate-serve.socket');
        if (stdout !== 'enabled\ndisabled\n') throw new Error(stdout);
        if ((await lab.show('sixgate', 'ActiveState')) !== 'inactive') throw new Error('it runs');
        if ((await lab.show('sixgate', 'Result')) !== 'success') throw new Error('it failed');
      },
    },
    {
      name: 'a user of its own, and directories that a DHCPv6 client can leave events in',
      async run({ router }) {
        const passwd = await router.sh('getent passwd sixgate');
        if (!passwd.trim().endsWith(':/var/lib/sixgate:/usr/sbin/nologin')) throw new Error(passwd);
        const events = statSync('/run/sixgate/events');
        if ((events.mode & 0o7777) !== 0o2750) throw new Error(`mode ${events.mode.toString(8)}`);
      },
    },
    {
      name: 'init makes it a router: its own files, those of dhcpcd and of ifupdown',
      async run({ router }) {
        const what = `--uplink wan0 --lan lan0 --from dhcpcd --length 58 --prefix ${inside} --no-advertise`;
        const said = await router.sh(`sixgate init --yes ${what} 2>&1`);
        const config = readFileSync('/etc/sixgate/config.yaml', 'utf8');
        if (!config.includes(inside)) throw new Error(config);
        for (const name of ['sixgate-wan0', 'sixgate-lan']) {
          if (!existsSync(`/etc/network/interfaces.d/${name}`)) throw new Error(said);
        }
        if (!existsSync('/etc/sixgate/dhcpcd-hook')) throw new Error('no hook');
        // Debian's own, which nobody had changed, is kept.
        if (!existsSync('/var/backups/sixgate/etc/dhcpcd.conf.1')) throw new Error(said);
        await router.sh('systemctl enable dhcpcd.service');
      },
    },
  ],
};
