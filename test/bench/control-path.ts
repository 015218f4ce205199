import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { leaveSpoolFile } from '../../src/host/leave-spool-file.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { makeCourse, type Course } from './course.ts';
import type { Effort } from './effort.ts';
import { takeTurns } from './rounds.ts';
import { median, quantile } from './statistics.ts';
import { formatTable } from './table.ts';
import { writeFlows, type Traffic } from './traffic.ts';
import { plain } from './methods.ts';

/** A router whose prefix can be changed; `change` returns the milliseconds from the client's word to the new prefix in force. */
export interface Changer {
  readonly name: string;
  readonly course: Course;
  change(serial: number): Promise<number>;
}

/** The how-to's script with either ip6tables, and the daemon; one mapping each. */
export async function openChangers(directory: string): Promise<Changer[]> {
  return [
    await openScript(directory, 'legacy'),
    await openScript(directory, 'nft'),
    await openDaemon(directory, 'sixgate', [{ uplink: 'one', subnets: 1 }], 'one'),
  ];
}

/** In milliseconds, in the order of the changers; `from` sets apart the prefixes of two measurements. */
export async function measureHooks(
  changers: readonly Changer[],
  rounds: number,
  { from = 0, load = () => async (): Promise<void> => {} }: HookOptions = {},
): Promise<number[][]> {
  const measured = await takeTurns(changers, rounds, async (changer, round) => {
    const stop = load(changer.course);
    const ms = await changer.change(from + round);
    await stop();
    return ms;
  });
  return changers.map((each) => measured.get(each)!);
}

interface HookOptions {
  readonly from?: number;
  readonly load?: (course: Course) => () => Promise<void>;
}

/** From a hook's start to its rules in force. */
export async function hookToForce(directory: string, traffic: Traffic, { rounds }: Effort): Promise<string> {
  const changers = await openChangers(directory);
  try {
    const rows: string[][] = [];
    for (const [name, options] of [
      ['idle', {}],
      ['under load', { from: 1000, load: (course: Course) => startLoad(traffic, course) }],
    ] as const) {
      const values = await measureHooks(changers, rounds * 2, options);
      const cells = values.map((all) => `${median(all).toFixed(1)} (p95 ${quantile(all, 0.95).toFixed(1)})`);
      const [legacy, nft, ours] = values.map(median) as [number, number, number];
      rows.push([name, ...cells, (ours / legacy).toFixed(2), (ours / nft).toFixed(2)]);
    }
    return [
      formatTable(['hook -> in force, ms', ...changers.map(({ name }) => name), 'of legacy', 'of nft'], rows),
      '',
      'Load: packets as fast as one core makes them.',
    ].join('\n');
  } finally {
    for (const { course } of changers) await course.remove();
  }
}

/** How many mappings there are, and how many of them change. */
export interface ManyChanger extends Changer {
  readonly count: number;
  readonly what: 'one' | 'all';
}

/** For each count a daemon of which one mapping changes, where all others are of another uplink, and one of which all do. */
export async function openMany(directory: string, counts: readonly number[]): Promise<ManyChanger[]> {
  const changers: ManyChanger[] = [];
  for (const count of counts) {
    const others = count > 1 ? [{ uplink: 'others', subnets: count - 1 }] : [];
    const one = await openDaemon(directory, `one${count}`, [{ uplink: 'one', subnets: 1 }, ...others], 'one');
    changers.push({ ...one, count, what: 'one' });
    if (count > 1) {
      const all = await openDaemon(directory, `all${count}`, [{ uplink: 'one', subnets: count }], 'one');
      changers.push({ ...all, count, what: 'all' });
    }
  }
  return changers;
}

/** How the time grows with the number of mappings. */
export async function manyMappings(directory: string, _traffic: Traffic, { rounds }: Effort): Promise<string> {
  const changers = await openMany(directory, [1, 100, 10_000]);
  try {
    const measured = await takeTurns(changers, Math.max(5, rounds), (changer, round) => changer.change(round));
    const base = median(measured.get(changers[0]!)!);
    return formatTable(
      ['mappings', 'changed', 'hook -> in force, ms', 'longest', 'of one of 1'],
      changers.map((each) => {
        const all = measured.get(each)!;
        return [
          String(each.count),
          each.what,
          median(all).toFixed(1),
          Math.max(...all).toFixed(1),
          (median(all) / base).toFixed(2),
        ];
      }),
    );
  } finally {
    for (const { course } of changers) await course.remove();
  }
}

async function openScript(directory: string, variant: 'legacy' | 'nft'): Promise<Changer> {
  const course = await makeCourse(`script${variant}`, directory);
  const [hook, tools] = [join(course.directory, 'baseline-hook.sh'), join(course.directory, 'tools')];
  copyFileSync(join(repositoryRoot, 'test/lab/baseline-hook.sh'), hook);
  chmodSync(hook, 0o755);
  writeFileSync(join(course.directory, 'baseline.conf'), 'inside=fd12:3456:789a::/58\n');
  mkdirSync(tools);
  symlinkSync(`/usr/sbin/ip6tables-${variant}`, join(tools, 'ip6tables'));
  const run = (script: string): Promise<string> =>
    course.exec('router', ['env', `PATH=${tools}:${process.env['PATH']}`, 'sh', '-ec', script]);
  await run(`ip6tables -t nat -N external_dnat; ip6tables -t nat -N external_snat
    ip6tables -t nat -A PREROUTING -j external_dnat; ip6tables -t nat -A POSTROUTING -j external_snat
    ip6tables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`);
  return {
    name: `the script, ${variant}`,
    course,
    async change(serial) {
      // Its own clock, so that entering the namespace does not count.
      const text =
        await run(`export new_dhcp6_ia_pd1_prefix1=${delegated(serial, 58)} new_dhcp6_ia_pd1_prefix1_length=58
        read -r before _ < /proc/uptime; start=$(date +%s%N); ${hook}; end=$(date +%s%N); echo $((end - start))`);
      return Number(text.trim()) / 1e6;
    },
  };
}

interface Part {
  readonly uplink: string;
  readonly subnets: number;
}

/** A daemon that hears of prefixes from a hook; each part is a network with an uplink of its own. */
async function openDaemon(directory: string, name: string, parts: readonly Part[], changing: string): Promise<Changer> {
  const course = await makeCourse(name, directory);
  for (const { uplink } of parts.slice(1)) {
    await course.exec('router', [
      'ip',
      'link',
      'add',
      `wan-${uplink}`,
      'type',
      'veth',
      'peer',
      'name',
      `far-${uplink}`,
    ]);
  }
  await course.startSixgate(configOf(parts), (run) =>
    Promise.all(parts.map((part, at) => leaveEvent(join(run, 'events'), part, at === 0 ? 5000 : 6000))).then(() => {}),
  );
  const seen = followChanges(course);
  const part = parts.find(({ uplink }) => uplink === changing)!;
  const total = parts.reduce((sum, { subnets }) => sum + subnets, 0);
  return {
    name,
    course: {
      ...course,
      remove: async () => {
        seen.stop();
        await course.remove();
      },
    },
    async change(serial) {
      const start = performance.now();
      await leaveEvent(join(course.directory, 'run/events'), part, serial);
      const at = await waitUntil(`prefix ${serial} in force on ${name}`, () => seen.at(groupOf(serial)), {
        timeout: 30_000,
        interval: 5,
      });
      // What is left to do must not fall into the next measurement.
      await new Promise((resolve) => setTimeout(resolve, 300 + total / 4));
      return at - start;
    },
  };
}

/**
 * When the first new outbound element was reported by the kernel, by the third group of its outside prefix: all of them are in force from
 * the same moment on, and to report thousands takes a while.
 */
function followChanges(course: Course): { at(group: string): number | undefined; stop(): void } {
  const times = new Map<string, number>();
  const monitor = spawn('ip', ['netns', 'exec', course.namespace('router'), 'nft', 'monitor', 'new', 'elements'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  createInterface({ input: monitor.stdout }).on('line', (line) => {
    const group = /add element ip6 sixgate out(?:64)?_\S+ \{ \S+ : 2001:db8:([0-9a-f]+):/.exec(line)?.[1];
    if (group !== undefined && !times.has(group)) times.set(group, performance.now());
  });
  return { at: (group) => times.get(group), stop: () => void monitor.kill() };
}

let event = 0;

async function leaveEvent(events: string, part: Part, serial: number): Promise<void> {
  const prefix = `${delegated(serial, lengthFor(part))}/${lengthFor(part)}`;
  // The old prefix is withdrawn in the same word: its flows are moved.
  const old =
    serial % 1000 > 0 && serial < 5000 ? ` ${delegated(serial - 1, lengthFor(part))}/${lengthFor(part)},0,0` : '';
  // As hooks name them: uptime in hundredths, then a number.
  const name = `${String(Math.floor(uptime() * 100)).padStart(12, '0')}-${String(event++).padStart(10, '0')}`;
  await leaveSpoolFile(
    events,
    name,
    `sixgate_client=generic\0uplink=${part.uplink}\0prefixes=${prefix},3600,7200${old}\0`,
  );
}

function delegated(serial: number, length: number): string {
  return `2001:db8:${groupOf(serial)}:${length === 58 ? '40::' : ':'}`;
}

function groupOf(serial: number): string {
  return (serial + 1).toString(16);
}

/** One subnet: one mapping of a /58. More: each subnet is mapped by itself, out of a delegation that is smaller than the network. */
function lengthFor({ subnets }: Part): number {
  return subnets === 1 ? 58 : 50;
}

function configOf(parts: readonly Part[]): string {
  const lines = (text: (part: Part, at: number) => string): string => parts.map(text).join('\n');
  const device = (at: number, uplink: string): string => (at === 0 ? 'wan' : `wan-${uplink}`);
  return `uplinks:
${lines(({ uplink }, at) => `  ${uplink}:\n    interface: ${device(at, uplink)}\n    prefix: { from: hook, client: generic }`)}
networks:
${lines((part, at) => {
  const subnets = Array.from({ length: part.subnets }, (_, id) => `      s${id}: { id: ${id} }`).join('\n');
  return `  ${part.uplink}:\n    prefix: fd12:3456:${(0x789a + at).toString(16)}::/${part.subnets === 1 ? 58 : 48}\n    subnets:\n${subnets}`;
})}
translate:
${lines(({ uplink }) => `  - { network: ${uplink}, uplink: ${uplink} }`)}
`;
}

function startLoad(traffic: Traffic, course: Course): () => Promise<void> {
  const { out } = writeFlows(course, plain, 1, 1000);
  const running = traffic.packets(course, 'out', out, 0.7);
  return () =>
    running.then(
      () => {},
      () => {},
    );
}
