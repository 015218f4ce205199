import type { Expected } from './case-files.ts';
import type { Target } from './cases.ts';
import type { Host, Started } from '../../qemu/inside/host.ts';
import { waitUntil } from '../../qemu/inside/wait-until.ts';

/** Has the real tool read what lies in /etc of the host; waits until address and routes are there where it is a daemon. */
export async function bringUp(host: Host, target: Target, expected: Expected): Promise<void> {
  const daemon = await tools[target](host, expected.name);
  if (daemon === undefined) return;
  await waitUntil(`${target}: ${expected.name} has its address and routes`, 120_000, async () => {
    const addresses = await host.run(['ip', '-6', '-br', 'address', 'show', 'dev', expected.name]);
    if (!addresses.stdout.includes(` ${expected.address} `)) return daemon.output;
    const routes = await host.run(['ip', '-6', 'route', 'show', 'type', 'unreachable']);
    const count = routes.stdout.split('\n').filter((line) => line !== '').length;
    if (count >= expected.unreachable.length) return undefined;
    return `${count} unreachable routes of ${expected.unreachable.length}\n${daemon.output}`;
  });
}

type Tool = (host: Host, name: string) => Promise<{ readonly output: string } | undefined>;

const networkd: Tool = (host) => Promise.resolve(host.start(['/lib/systemd/systemd-networkd']));

const tools: Record<Target, Tool> = {
  async ifupdown(host, name) {
    await host.ok(['ifup', '--force', name]);
    return undefined;
  },
  networkd,
  /** The program that runs at boot, before networkd; `netplan apply` is the same with Python around it. */
  async netplan(host, name) {
    await host.sh('$(ls -d /usr/libexec/netplan/generate /usr/lib/netplan/generate 2>/dev/null | head -n 1)');
    return networkd(host, name);
  },
  async networkmanager(host, name) {
    const daemon = await startNetworkManager(host);
    await host.ok(['nmcli', 'connection', 'load', `/etc/NetworkManager/system-connections/${name}.nmconnection`]);
    await host.ok(['nmcli', 'connection', 'up', name]);
    return daemon;
  },
};

/** With a message bus of the host's own; it leaves alone what it has no connection for. */
export async function startNetworkManager(host: Host): Promise<Started> {
  await host.sh(
    'mkdir -p /run/NetworkManager/conf.d; printf "[main]\\nno-auto-default=*\\n" >/run/NetworkManager/conf.d/lab.conf',
  );
  await host.ok(['dbus-daemon', '--system', '--fork', '--nopidfile']);
  const daemon = host.start(['NetworkManager', '--no-daemon']);
  await waitUntil('NetworkManager answers', 100_000, async () => {
    const { code, stderr } = await host.run(['nmcli', 'general', 'status']);
    return code === 0 ? undefined : `${stderr}\n${daemon.output}`;
  });
  return daemon;
}
