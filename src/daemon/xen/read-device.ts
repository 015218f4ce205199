import type { VifPath } from '../../backend/xen/parse-vif-path.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { Processes } from '../../host/host.ts';
import { readKey } from './read-vif.ts';

/** What an interface is called: `vifname` of xl.cfg, or by its numbers; the emulated one has "-emu" behind it. */
export async function readDevice(
  processes: Processes,
  { path, domid, devid }: VifPath,
  kind: Vif['kind'],
): Promise<string> {
  const given = await readKey(processes, `${path}/vifname`);
  const name = given.ok && given.value !== '' ? given.value : `vif${domid}.${devid}`;
  return kind === 'tap' ? `${name}-emu` : name;
}
