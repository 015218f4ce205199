import { readdirSync, readFileSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { leaveSpoolFile } from '../../src/host/leave-spool-file.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { makeCourse, type Course } from './course.ts';
import type { Effort } from './effort.ts';
import { configText } from './methods.ts';
import { takeTurns } from './rounds.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';

const program = join(repositoryRoot, 'bin/sixgate');

/** From the start of `sixgate run` to a guard in the kernel, and how long each command takes beside an empty program. */
export async function startUp(directory: string, _traffic: unknown, { rounds }: Effort): Promise<string> {
  const course = await makeCourse('start', directory);
  try {
    const guards: Guards[] = [];
    for (let round = 0; round < Math.ceil(rounds / 2); round++) guards.push(await bootToGuard(course));
    const told = (which: keyof Guards): string => {
      const all = guards.map((each) => each[which]);
      return `${median(all).toFixed(0)} ms (longest ${Math.max(...all).toFixed(0)})`;
    };
    const commands = await measureCommands(course, rounds);
    return [
      `From \`sixgate run\` to the guard in force: ${told('held')} for the held copy, ${told('own')} for the table that stays.`,
      '',
      formatTable(['command', 'ms of the processor', 'of an empty program of Node'], commands),
    ].join('\n');
  } finally {
    await course.remove();
  }
}

/** In milliseconds. */
interface Guards {
  readonly held: number;
  readonly own: number;
}

async function bootToGuard(course: Course): Promise<Guards> {
  const script = `start=$(date +%s%N); "$@" >/dev/null 2>&1 & pid=$!
    for table in sixgate_held sixgate_guard; do
      until nft list chains | grep -q "^table inet $table"; do :; done
      echo $(($(date +%s%N) - start))
    done
    kill $pid; wait $pid; nft delete table inet sixgate_guard; nft delete table ip6 sixgate`;
  const text = await course.exec('router', ['sh', '-c', script, 'sh', program, 'run', ...(await optionsOf(course))]);
  const [held = 0, own = 0] = text
    .trim()
    .split('\n')
    .map((each) => Number(each) / 1e6);
  return { held, own };
}

async function optionsOf(course: Course): Promise<string[]> {
  const file = join(course.directory, 'config.yaml');
  await course.exec('router', ['sh', '-c', `cat > ${file}`], configText(1, ''));
  return [
    '--config',
    file,
    '--runtime-dir',
    join(course.directory, 'run'),
    '--state-dir',
    join(course.directory, 'state'),
  ];
}

async function measureCommands(course: Course, rounds: number): Promise<string[][]> {
  const options = await optionsOf(course);
  const map = ['fd12:3456:789a::10', '--inside', 'fd12:3456:789a::/48', '--outside', '2001:db8::/48'];
  const contestants: { readonly name: string; readonly argv: readonly string[] }[] = [
    { name: '`node -e 0`', argv: [process.execPath, '-e', '0'] },
    ...[['ula'], ['address', '2002:c000:204::1'], ['map', ...map]].map((args) => ({
      name: `\`sixgate ${args[0]}\``,
      argv: [program, ...args],
    })),
    ...['check', 'plan', 'status', 'doctor'].map((name) => ({
      name: `\`sixgate ${name}\``,
      argv: [program, name, ...options],
    })),
    {
      name: '`sixgate generate uplink`',
      argv: [program, 'generate', 'uplink', '--for', 'dhcpcd', '--interface', 'eth0', '--length', '58'],
    },
    { name: '`sixgate --help`', argv: [program, '--help'] },
  ];
  const measured = await takeTurns(contestants, rounds, async ({ argv }) => {
    const script = '"$@" >/dev/null 2>&1; times';
    return readTimes(await course.exec('router', ['bash', '-c', script, 'bash', ...argv]));
  });
  const base = median(measured.get(contestants[0]!)!);
  return contestants.map((each) => {
    const ms = median(measured.get(each)!);
    return [each.name, ms.toFixed(0), (ms / base).toFixed(2)];
  });
}

/** What the children of a shell took of the processor, out of what its `times` prints, in milliseconds. */
function readTimes(text: string): number {
  const [, children = ''] = text.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return parts.reduce((sum, each) => sum + each, 0) * 1000;
}

/** Memory and processor time of the daemon and its children over renewals of the same prefix, one a second. */
export async function renewals(directory: string, _traffic: unknown, { renewals: count }: Effort): Promise<string> {
  const course = await makeCourse('renew', directory);
  try {
    const text = configText(1, '').replace(/\{ from: static.*\}/, '{ from: hook, client: generic }');
    const leave = (run: string, at: number): Promise<unknown> => {
      const name = `${String(Math.floor(uptime() * 100)).padStart(12, '0')}-${String(at).padStart(10, '0')}`;
      return leaveSpoolFile(
        join(run, 'events'),
        name,
        'sixgate_client=generic\0uplink=dsl\0prefixes=2001:db8:aaaa::/48,3600,7200\0',
      );
    };
    const { pid } = await course.startSixgate(text, async (run) => void (await leave(run, 0)));
    const samples: { rss: number; all: number; cpu: number }[] = [];
    for (let at = 1; at <= count; at++) {
      await leave(join(course.directory, 'run'), at);
      await sleep(1000);
      samples.push(readUse(pid));
    }
    const tenth = Math.max(1, Math.floor(count / 10));
    const early = samples.slice(tenth, 2 * tenth);
    const late = samples.slice(-tenth);
    const kib = (of: typeof samples, key: 'rss' | 'all'): string =>
      (median(of.map((each) => each[key])) / 1024).toFixed(1);
    const cpu = (samples.at(-1)!.cpu - samples[0]!.cpu) / (samples.length - 1);
    const events = readdirSync(join(course.directory, 'run/events')).filter((name) => !name.startsWith('.'));
    await waitUntil('the last renewal to be taken up', () => events.length <= 1);
    return formatTable(
      ['renewals, one a second', 'MiB resident, second tenth', 'last tenth', 'with children', 'CPU ms each'],
      [[String(count), kib(early, 'rss'), kib(late, 'rss'), kib(late, 'all'), cpu.toFixed(1)]],
    );
  } finally {
    await course.remove();
  }
}

/** In KiB, and milliseconds of the processor. */
function readUse(pid: number): { rss: number; all: number; cpu: number } {
  const rssOf = (of: number | string): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${of}/status`, 'utf8'))?.[1] ?? 0);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  // utime, stime and those of children that have ended, in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  const rss = rssOf(pid);
  const others = children.map((child) => {
    try {
      return rssOf(child);
    } catch {
      return 0; // it has ended
    }
  });
  return { rss, all: rss + others.reduce((sum, each) => sum + each, 0), cpu: ticks * 10 };
}

/** What is loaded at each start, and what the pages weigh. */
export async function sizes(): Promise<string> {
  const rows: string[][] = [];
  const add = (label: string, path: string): void => {
    const bytes = readFileSync(path);
    rows.push([label, (bytes.length / 1024).toFixed(1), (gzipSync(bytes).length / 1024).toFixed(1)]);
  };
  for (const name of [
    'main.cjs',
    'run-daemon.cjs',
    'apply-once.cjs',
    'print-status.cjs',
    'serve-web.cjs',
    'rfc6296.o',
  ]) {
    add(`\`${name}\``, join(repositoryRoot, 'dist', name));
  }
  const site = join(repositoryRoot, 'dist/site');
  for (const name of readdirSync(site).filter(
    (each) => each.endsWith('.html') && statSync(join(site, each)).isFile(),
  )) {
    add(`page \`${name}\``, join(site, name));
  }
  return formatTable(['file', 'KiB', 'KiB compressed'], rows);
}
