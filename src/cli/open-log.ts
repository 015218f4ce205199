import { fstatSync } from 'node:fs';
import { streamLog, type Log, type LogFormat, type LogLevel } from '../daemon/log.ts';
import { systemHost } from '../host/system-host.ts';
import { printMessage } from './terminal.ts';

/** On standard error; without a format the one of whoever reads it. */
export function openLog(format: LogFormat = readerFormat(), level: LogLevel = 'info'): Log {
  return streamLog(printMessage, { format, level, now: () => systemHost.clock.now() });
}

/** JOURNAL_STREAM is inherited by everything that a service starts; it names the stream that goes to the journal (systemd.exec(5)). */
export function readerFormat(): LogFormat {
  const { dev, ino } = fstatSync(2);
  return process.env['JOURNAL_STREAM'] === `${dev}:${ino}` ? 'journald' : 'text';
}
