import { startDaemon } from '../daemon/daemon.ts';
import { problemCodes } from '../core/problem-codes.ts';
import { readConfig } from '../daemon/read-config.ts';
import type { LogFormat, LogLevel } from '../daemon/log.ts';
import { logProblem } from '../daemon/log-problem.ts';
import { serviceManager } from '../daemon/service-manager.ts';
import { systemHost } from '../host/system-host.ts';
import { withdraw } from '../daemon/withdraw.ts';
import type { GlobalOptions } from './global-options.ts';
import { openLog, readerFormat } from './open-log.ts';
import { pathsOf } from './paths.ts';
import { printInvalidConfig } from './print-invalid-config.ts';
import { printProblem } from './print-problem.ts';
import { version } from './version.ts';

/** Runs until a signal ends it; a second signal ends it at once. */
export async function runDaemon(
  globals: GlobalOptions,
  options: { dhcpcdDir: string; withdraw?: true; fallBack?: true; logFormat?: LogFormat; logLevel?: LogLevel },
): Promise<number> {
  const format = options.logFormat ?? readerFormat();
  const log = openLog(format, options.logLevel);
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
    fallBack: options.fallBack ?? false,
  });
  if (!started.ok) {
    if (format === 'text') return printInvalidConfig(started.problem);
    logProblem(log, started.problem);
    return problemCodes[started.problem.code];
  }
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
