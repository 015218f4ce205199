import { describe } from 'vitest';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { livesBeside, type Firewall } from './lives-beside.ts';
import type { Stage } from './stage.ts';

/** The uplink in zone external and the LANs in zone internal, as the documentation of firewalld has a router. */
function firewalld(): Firewall {
  let running: LabProcess | undefined;
  const spawn = ({ lab, tree }: Stage, label: string, ...argv: string[]): LabProcess =>
    lab.shell('router').spawn(tree.argv('env', 'PATH=/usr/sbin:/usr/bin', ...argv), { label });
  return {
    lab: 'fwd',
    async prepare(stage) {
      spawn(stage, 'dbus', 'dbus-daemon', '--system', '--nofork', '--nopidfile');
      const offline = (zone: string, link: string) =>
        stage.run('firewall-offline-cmd', `--zone=${zone}`, `--add-interface=${link}`);
      await offline('external', 'eth0');
      await offline('internal', 'eth1');
      await offline('internal', 'eth2');
    },
    async start(stage) {
      running = spawn(stage, 'firewalld', 'firewalld', '--nofork', '--nopid');
      const state = () => stage.run('firewall-cmd', '--state').catch(() => '');
      await waitUntil('firewalld', async () => (await state()).startsWith('running'), {
        timeout: 30_000,
        interval: 200,
      });
    },
    async reload(stage) {
      await stage.run('firewall-cmd', '--reload');
    },
    async stop() {
      await running?.stop();
    },
    obstacles: ['firewall-dhcpv6:eth0', 'firewall-forward:lan', 'firewall-forward:servers'],
  };
}

describe('firewalld of bookworm', () => {
  livesBeside(firewalld(), 'bookworm');
});
describe('firewalld of trixie', () => {
  livesBeside(firewalld(), 'trixie', ['later']);
});
