import { parseMac } from '../../core/mac-address.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { VifPath } from '../../backend/xen/parse-vif-path.ts';
import { parseStoreAddresses } from '../../engine/xen/addresses-in-store.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { Processes } from '../../host/host.ts';
import type { VifCall } from './vif-call.ts';
import { toolTimeout } from './tool-timeout.ts';

/** Whose interface it is, as xenstore says: whatever of name, UUID and MAC address can be read. */
export async function readVif(
  processes: Processes,
  { path, domid, devid }: VifPath,
  { device, kind, ip }: Pick<VifCall, 'device' | 'kind' | 'ip'>,
): Promise<Result<Vif>> {
  const keys = [`/local/domain/${domid}/name`, `/local/domain/${domid}/vm`, `${path}/mac`];
  const [all, store] = await Promise.all([
    readAll(processes, keys),
    ip === undefined ? readKey(processes, `${path}/ip`) : succeed(ip),
  ]);
  const read = all ?? (await Promise.all(keys.map((key) => readKey(processes, key))));
  const missing = read.find((each) => !each.ok && each.problem.code === 'tool-missing');
  if (missing && !missing.ok) {
    const { code, message } = missing.problem;
    return fail({ code, message, mend: 'Install xenstore-utils.' });
  }
  const [name, vm, mac] = read.map((each) => (each.ok ? each.value : undefined));
  if (name === undefined && vm === undefined && mac === undefined) {
    const refused = read.find((each) => !each.ok);
    const why = refused && !refused.ok ? refused.problem.message : '';
    return fail({
      code: 'xenstore-unreadable',
      message: `xenstore does not tell whose interface ${device} is: ${why}`,
      mend: 'Look whether xenstored runs, and whether this runs as root in the domain that serves the interface.',
    });
  }
  const parsed = parseMac(mac ?? '');
  const given = parseStoreAddresses(store.ok ? store.value : '');
  if (!given.ok) return given;
  return succeed({
    domid,
    devid,
    kind,
    device,
    ...(name !== undefined && { name }),
    ...(vm !== undefined && { uuid: vm.slice(vm.lastIndexOf('/') + 1).toLowerCase() }),
    ...(parsed.ok && { mac: parsed.value }),
    ...(given.value.length > 0 && { given: given.value }),
  });
}

/** All keys by one process; undefined where one is missing, which fails all. */
async function readAll(processes: Processes, keys: readonly string[]): Promise<Result<string>[] | undefined> {
  const asked = await processes.run({ argv: ['xenstore-read', ...keys], timeout: toolTimeout });
  if (!asked.ok || asked.value.code !== 0) return undefined;
  const values = asked.value.stdout.split('\n').slice(0, -1);
  return values.length === keys.length ? values.map(succeed) : undefined;
}

/** One value; a key that is not there is a problem. */
export async function readKey(processes: Processes, key: string): Promise<Result<string>> {
  const asked = await processes.run({ argv: ['xenstore-read', key], timeout: toolTimeout });
  if (!asked.ok) return asked;
  if (asked.value.code === 0) return succeed(asked.value.stdout.replace(/\n$/, ''));
  const said = asked.value.stderr.trim().split('\n')[0] ?? '';
  return fail({ code: 'xenstore-unreadable', message: said === '' ? `${key} could not be read` : said });
}
