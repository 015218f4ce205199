import { startDaemon } from '../daemon/daemon.ts';
import { readConfig } from '../daemon/read-config.ts';
import { streamLog } from '../daemon/log.ts';
import { serviceManager } from '../daemon/service-manager.ts';
import { systemHost } from '../host/system-host.ts';
import { withdraw } from '../daemon/withdraw.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';
import { version } from './version.ts';

/** Runs until a signal ends it; a second signal ends it at once. */
export async function runDaemon(
  globals: GlobalOptions,
  options: { dhcpcdDir: string; withdraw?: true },
): Promise<number> {
  const log = streamLog(printMessage, process.env['JOURNAL_STREAM'] !== undefined, () => systemHost.clock.now());
  const ended = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  // From the first moment: the signal's default would end a daemon that is still starting.
  let reload = (): void => void (reloadAsked = true);
  let reloadAsked = false;
  process.on('SIGHUP', () => reload());
  const started = await startDaemon({
    host: systemHost,
    paths: pathsOf(globals),
    dhcpcdDir: options.dhcpcdDir,
    log,
    service: serviceManager(systemHost, process.env),
    version,
    pid: process.pid,
  });
  if (!started.ok) return printInvalidConfig(started.problem);
  const daemon = started.value;
  reload = () => void daemon.reload();
  if (reloadAsked) reload();
  log.info(`ended by ${await ended}`);
  await daemon.stop();
  if (!options.withdraw) return 0;
  const read = await readConfig(systemHost.files, globals.config);
  const result = await withdraw(systemHost, read.ok ? read.value.config.backend : undefined);
  return result.ok ? 0 : printProblem(result.problem);
}
