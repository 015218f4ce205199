import { existsSync } from 'node:fs';
import type { Scene } from '../scene.ts';

export const removal: Scene = {
  name: 'the package is taken away',
  checks: [
    {
      name: 'remove: nothing of it runs or is in the kernel; configuration and state stay',
      async run(lab) {
        await lab.router.sh('apt-get -y remove sixgate');
        const left = await lab.router.sh('nft list tables; tc filter show dev wan0 egress; ip -o link; ps -eo args');
        if (/sixgate|six-/.test(left.replaceAll('/sixgate/', '/'))) throw new Error(left);
        for (const path of ['/etc/sixgate/config.yaml', '/var/lib/sixgate']) {
          if (!existsSync(path)) throw new Error(`${path} is gone`);
        }
        const { stdout } = await lab.router.try(
          'systemctl is-active sixgate sixgate-serve.service sixgate-serve.socket',
        );
        if (/^active/m.test(stdout)) throw new Error(stdout);
      },
    },
    {
      name: 'purge: nothing is left but its user',
      async run({ router }) {
        await router.sh('apt-get -y purge sixgate');
        const where = '/etc /var/lib /usr /run -xdev -not -path "/var/lib/dpkg/*" -not -path "/etc/network/*"';
        const { stdout } = await router.try(`find ${where} -name "*sixgate*" -not -name 60-sixgate.conf`);
        if (stdout !== '') throw new Error(stdout);
        await router.sh('getent passwd sixgate');
      },
    },
    {
      name: 'no unit of the machine has failed in all that',
      async run({ router }) {
        const failed = await router.sh('systemctl list-units --failed --no-legend --plain');
        if (failed !== '') throw new Error(failed);
      },
    },
  ],
};
