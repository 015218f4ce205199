import { parseInterfaceName } from '../../src/core/interface-name.ts';
import { networkManagerUplink } from '../../src/generate/uplink/networkmanager-uplink.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { waitUntil } from '../lab/wait-until.ts';
import type { TreeOnRouter } from './tree-on-router.ts';

const settings = `[main]
plugins=keyfile
dhcp=internal
no-auto-default=*
[keyfile]
unmanaged-devices=interface-name:eth1;interface-name:eth2
`;

/**
 * Writes what "generate uplink --for networkmanager" writes, and starts a bus for NetworkManager. The kernel of the tests has
 * no dummy interfaces: the shared connection is on one end of a cable that leads nowhere.
 */
export async function prepareNetworkManager(lab: Lab, tree: TreeOnRouter, { shared = true } = {}): Promise<void> {
  const name = parseInterfaceName('eth0');
  if (!name.ok) throw new Error(name.problem.message);
  const [uplink, pd] = networkManagerUplink({ interface: name.value, length: 58 });
  // As at boot: an interface that is up has been configured by somebody else, who NetworkManager does not interfere with.
  await lab.exec('router', ['ip', 'link', 'set', 'eth0', 'down']);
  tree.write('/etc/NetworkManager/NetworkManager.conf', settings);
  tree.write(uplink!.path, uplink!.text, uplink!.mode);
  if (shared) {
    await lab.exec('router', ['ip', 'link', 'add', 'pd0', 'type', 'veth', 'peer', 'name', 'nowhere']);
    await lab.exec('router', ['ip', 'link', 'set', 'nowhere', 'up']);
    tree.write(pd!.path, pd!.text.replace('type=dummy', 'type=ethernet'), pd!.mode);
  }
  await tree.exec('mkdir', '-p', '/run/dbus', '/run/NetworkManager', '/var/lib/NetworkManager');
  // As base-files makes it when it is installed.
  await tree.exec('rmdir', '/var/run');
  await tree.exec('ln', '-s', '/run', '/var/run');
  lab.router.shell.spawn(tree.argv('dbus-daemon', '--system', '--nofork', '--nopidfile'), { label: 'dbus' });
  await waitUntil('the bus', () =>
    lab.router.shell.attempt(['test', '-S', '/run/dbus/system_bus_socket']).then(({ code }) => code === 0),
  );
}

export function startNetworkManager(lab: Lab, tree: TreeOnRouter): LabProcess {
  return lab.router.shell.spawn(tree.argv('/usr/sbin/NetworkManager', '--debug'), { label: 'networkmanager' });
}
