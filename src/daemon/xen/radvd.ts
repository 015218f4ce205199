import { join } from 'node:path';
import { formatRadvdConfig } from '../../backend/xen/radvd-config.ts';
import type { Problem } from '../../core/problem.ts';
import type { Host } from '../../host/host.ts';
import { lockedPids } from '../locked-pids.ts';
import { runTool } from '../run-tool.ts';
import { toolTimeout } from './tool-timeout.ts';
import { readRecords } from './vif-records.ts';

/**
 * Keeps a radvd of its own for guests in step with the records: writes its configuration, starts it with the first guest,
 * has it read again, ends it with the last. Whoever writes looks again afterwards, so that of several who do this at
 * once the last one has seen the records of all, without a lock.
 */
export async function keepRadvd(host: Host, runtimeDir: string): Promise<Problem | undefined> {
  const config = join(runtimeDir, 'xen', 'radvd.conf');
  const pidFile = join(runtimeDir, 'xen', 'radvd.pid');
  const wanted = async () => formatRadvdConfig((await readRecords(host.files, runtimeDir)).states);
  const running = async () => (await lockedPids(host, [pidFile]))[0];
  const before = await host.files.read(config);
  let text = await wanted();
  if (before.ok && before.value === text) {
    if (text === undefined || (await running()) !== undefined) return undefined;
  }
  for (;;) {
    const put = text === undefined ? await host.files.remove(config) : await host.files.write(config, text);
    if (!put.ok) return put.problem;
    const again = await wanted();
    if (again === text) break;
    text = again;
  }
  const pid = await running();
  if (text === undefined) {
    if (pid !== undefined) host.processes.signal(pid, 'SIGTERM');
    return undefined;
  }
  if (pid !== undefined && host.processes.signal(pid, 'SIGHUP')) return undefined;
  const started = await runTool(host.processes, {
    argv: ['radvd', '--config', config, '--pidfile', pidFile, '--logmethod', 'syslog'],
    timeout: toolTimeout,
  });
  // Of two that start at once the second finds the first one's lock.
  return started.ok || (await running()) !== undefined ? undefined : started.problem;
}
