import { parseVifPath, type VifPath } from '../../backend/xen/parse-vif-path.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { Host } from '../../host/host.ts';
import { readDevice } from './read-device.ts';
import { readKey } from './read-vif.ts';
import { toolTimeout } from './tool-timeout.ts';

/** An interface that this domain serves. */
export interface ServedVif {
  readonly at: VifPath;
  readonly device: string;
  readonly kind: Vif['kind'];
  /** Its hotplug script is done, and there is an interface. Others come or go just now. */
  readonly settled: boolean;
}

/** All that xenstore knows of. That it cannot be read is a problem, and not the same as none. */
export async function listVifs(host: Host): Promise<Result<readonly ServedVif[]>> {
  const domains = await listKey(host, 'backend/vif');
  if (!domains.ok) return domains;
  const vifs: ServedVif[] = [];
  for (const domid of domains.value) {
    const devices = await listKey(host, `backend/vif/${domid}`);
    if (!devices.ok) return devices;
    for (const devid of devices.value) {
      const at = parseVifPath(`backend/vif/${domid}/${devid}`);
      if (at.ok) vifs.push(...(await readServed(host, at.value)));
    }
  }
  return succeed(vifs);
}

async function readServed(host: Host, at: VifPath): Promise<ServedVif[]> {
  const status = await readKey(host.processes, `${at.path}/hotplug-status`);
  const name = await readDevice(host.processes, at, 'vif');
  const settled = status.ok && status.value === 'connected' && (await exists(host, name));
  const served: ServedVif = { at, device: name, kind: 'vif', settled };
  const emulated = await readDevice(host.processes, at, 'tap');
  return (await exists(host, emulated)) ? [served, { ...served, device: emulated, kind: 'tap' }] : [served];
}

async function exists({ files }: Host, device: string): Promise<boolean> {
  const index = await files.read(`/sys/class/net/${device}/ifindex`);
  return index.ok && index.value !== undefined;
}

async function listKey({ processes }: Host, key: string): Promise<Result<readonly string[]>> {
  const listed = await processes.run({ argv: ['xenstore-list', key], timeout: toolTimeout });
  if (!listed.ok) return listed.problem.code === 'tool-missing' ? fail(withoutTools(listed.problem)) : listed;
  if (listed.value.code === 0) return succeed(listed.value.stdout.split('\n').filter((line) => line !== ''));
  // The same words for a key that is not there and for one that is kept from us; this one everybody may read.
  const reachable = await processes.run({ argv: ['xenstore-list', '/local/domain'], timeout: toolTimeout });
  if (reachable.ok && reachable.value.code === 0) return succeed([]);
  return fail({
    code: 'xenstore-unreadable',
    message: `xenstore could not be read: ${listed.value.stderr.trim().split('\n')[0] ?? ''}`,
    mend: 'Look whether xenstored runs, and whether this runs as root on Dom0.',
  });
}

function withoutTools({ code, message }: Problem): Problem {
  return { code, message, mend: 'Install xenstore-utils.' };
}
