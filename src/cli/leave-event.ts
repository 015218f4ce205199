import { infiniteLifetime } from '../core/instant.ts';
import { formatPrefix, parsePrefix } from '../core/prefix.ts';
import type { Problem } from '../core/problem.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import { eventsPath } from '../daemon/paths.ts';
import { readConfig } from '../daemon/read-config.ts';
import { readUptime } from '../daemon/read-uptime.ts';
import { judgeReported } from '../engine/judge-reported.ts';
import { leaveSpoolFile } from '../host/leave-spool-file.ts';
import { systemHost } from '../host/system-host.ts';
import type { GlobalOptions } from './global-options.ts';
import { pathsOf } from './paths.ts';
import { printProblem } from './print-problem.ts';

export interface EventOptions {
  readonly uplink: string;
  readonly prefix?: string | undefined;
  readonly preferred?: string | undefined;
  readonly valid?: string | undefined;
  readonly gone?: true | undefined;
}

/** Leaves an event in the generic form, as a hook would. */
export async function leaveEvent(global: GlobalOptions, options: EventOptions): Promise<number> {
  const paths = pathsOf(global);
  const config = await readConfig(systemHost.files, paths.config);
  if (!config.ok) return printProblem(config.problem);
  const uplink = config.value.config.uplinks.find(({ name }) => name === options.uplink);
  if (uplink?.source.from !== 'hook') {
    const message = uplink
      ? `uplink ${uplink.name} learns its prefix "from: ${uplink.source.from}", not from events`
      : `there is no uplink ${quote(options.uplink)}`;
    return printProblem({ code: 'intent-value', message, mend: 'Name an uplink whose prefix is "from: hook".' });
  }
  const says = compileSaying(options);
  if (!says.ok) return printProblem(says.problem);
  const uptime = await readUptime(systemHost);
  const name = `${String(Math.floor(uptime * 100)).padStart(12, '0')}-${String(process.pid).padStart(10, '0')}`;
  const text = `sixgate_client=generic\0uplink=${uplink.name}\0${says.value}\0`;
  const left = await leaveSpoolFile(eventsPath(paths), name, text);
  return left.ok ? 0 : printProblem(left.problem);
}

function compileSaying({ prefix, preferred, valid, gone, uplink }: EventOptions): Result<string> {
  if (gone && (preferred !== undefined || valid !== undefined)) return fail(wrong('--gone goes without lifetimes'));
  if (prefix === undefined) {
    return gone ? succeed('released=yes') : fail(wrong('neither --prefix nor --gone is there'));
  }
  const read = parsePrefix(prefix);
  if (!read.ok) return read;
  const validLifetime = gone ? 0 : readSeconds(valid, infiniteLifetime);
  const preferredLifetime = gone ? 0 : readSeconds(preferred, validLifetime);
  if (validLifetime === undefined || preferredLifetime === undefined) {
    return fail(wrong(`a lifetime is a number of seconds from 0 to ${infiniteLifetime}`));
  }
  const judged = judgeReported(uplink, { iaid: 0, prefix: read.value, preferredLifetime, validLifetime });
  return judged.ok ? succeed(`prefixes=${formatPrefix(read.value)},${preferredLifetime},${validLifetime}`) : judged;
}

function readSeconds(text: string | undefined, otherwise: number | undefined): number | undefined {
  if (text === undefined) return otherwise;
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= infiniteLifetime ? value : undefined;
}

function wrong(message: string): Problem {
  return { code: 'intent-value', message, mend: 'See sixgate event --help.' };
}
