import { existsSync, readdirSync, readFileSync, type Dirent } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { listFlows, parseFlows } from '../../src/backend/conntrack/flow-commands.ts';
import { formatIpv6 } from '../../src/core/ipv6.ts';
import { formatPrefix, parsePrefix, type Prefix } from '../../src/core/prefix.ts';
import { readConfig } from '../../src/daemon/read-config.ts';
import { planPass } from '../../src/daemon/reconcile.ts';
import { situationOf } from '../../src/daemon/situation-of.ts';
import { findStaleFlows } from '../../src/engine/stale-flows.ts';
import type { Host } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { waitUntil } from '../lab/wait-until.ts';
import type { Expected } from './expected.ts';
import { patience } from './patience.ts';
import { inside, type World } from './world.ts';

/** What is later than that on a busy machine is told from what never comes. */
const grace = 6000;

/** What became of the world after a step. */
export interface Verdict {
  /** The first invariant that does not hold. */
  readonly broken?: string;
  /** Milliseconds from the end of the fault until everything was as it should be. */
  readonly took: number;
}

/** A host whose tools run on the router, whose files are seen from here and whose wall clock is the router's. */
function hostOf(world: World): Host {
  const { processes, files, clock } = systemHost;
  return {
    processes: { ...processes, run: (command) => processes.run({ ...command, argv: world.within(command.argv) }) },
    files,
    clock: { ...clock, now: () => clock.now() + world.clockOffset },
  };
}

/** Waits until everything is as it should be, and says what is not when that takes too long. */
export async function judge(world: World, expected: Expected, before: string): Promise<Verdict> {
  await waitUntil('the report of a running daemon', () => world.isReporting() || !world.daemon?.running(), {
    timeout: patience() + grace,
  });
  const bound = patience() + (world.family.patience ?? 0);
  const start = performance.now();
  const since = Date.now();
  let last = '';
  for (;;) {
    const leaked = await world.leaked();
    const took = performance.now() - start;
    if (leaked > 0) return { broken: `${leaked} packets with an inside source were on the WAN`, took };
    const fault = await findFault(world, expected);
    if (fault === undefined) {
      const flow = await findFlowFault(world, expected, before, since);
      if (flow === undefined && took <= bound) return { took };
      if (flow === undefined)
        return { broken: `in order only after ${Math.round(took)} ms: before that ${last}`, took };
      last = flow;
      if (took > bound + grace) return { broken: flow, took };
    } else if (took > bound + grace) {
      return { broken: fault, took };
    } else {
      last = fault;
    }
    await sleep(30);
  }
}

/** Node alone has 50 or so. */
function residentMegabytes(world: World): number {
  const pid = world.report()?.daemon.pid;
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended, which is told elsewhere
  }
}

/** As the hook leaves them; what others put there is looked for by `isLeftover`. */
function isEvent(entry: Dirent): boolean {
  return entry.isFile() && /^\d{12}-\d{10}$/.test(entry.name);
}

/** One killed run may leave a few, until the next start. */
function isLeftover(name: string): boolean {
  return /\.tmp$|\.o$/.test(name);
}

/** The uplink that new flows leave by. */
function wayOut({ held, spare, up }: Expected): string {
  const usable = [held.length > 0 && up.dsl && 'dsl', spare !== undefined && up.lte && 'lte'].filter(Boolean);
  return (usable[0] as string | undefined) ?? (held.length > 0 ? 'dsl' : 'lte');
}

/** What of kernel, memory and foreign tables is not as it should be. */
async function findFault(world: World, expected: Expected): Promise<string | undefined> {
  const { daemon } = world;
  if (!daemon?.running()) return `the daemon has ended: ${daemon?.log().slice(-2000)}`;
  const host = hostOf(world);
  const paths = {
    config: `${world.directory}/config.yaml`,
    runtimeDir: world.path('run'),
    stateDir: world.path('state'),
  };
  const config = await readConfig(host.files, paths.config);
  if (!config.ok) return `the configuration is wrong: ${JSON.stringify(config.problem)}`;
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (text: string) => void warnings.push(text) };
  const situation = await situationOf(host, paths, config.value.config, log as never);
  if (warnings.length > 0) return warnings.join('; ');
  const pass = await planPass(host, situation);
  if (pass.failure) return `the plan fails: ${pass.failure.message}`;
  const { steps } = pass.plan;
  if (steps.length > 0) return `not in sync: ${steps.map((step) => `${step.do} (${step.because})`).join('; ')}`;
  if (pass.awaited.length > 0) return `others have to do something: ${pass.awaited[0]!.message}`;
  const inForceOn = (name: string): string | undefined => {
    const current = pass.desired.mappings.find(({ direction, uplink }) => direction === 'both' && uplink === name);
    return current && formatPrefix(current.outside);
  };
  for (const [name, latest] of [
    ['dsl', expected.held.at(-1)],
    ['lte', expected.spare],
  ] as const) {
    const inForce = inForceOn(name);
    if (inForce !== latest)
      return `${inForce ?? 'nothing'} is in force on ${name}, where ${latest ?? 'nothing'} was delegated`;
  }
  const memory = residentMegabytes(world);
  if (memory > 300) return `the daemon has ${memory} MB`;
  // Else all is still as it was before the step; who stands by reads none.
  const events = world.path('run/events');
  const isRead = existsSync(events) && ['active', undefined].includes(world.report()?.failover?.state);
  const unheard = isRead ? readdirSync(events, { withFileTypes: true }).filter(isEvent) : [];
  if (unheard.length > 0) return `${unheard.length} events have not been stored`;
  const left = ['run', 'state'].flatMap((name) => readdirSync(world.path(name)).filter(isLeftover));
  if (left.length > 8) return `files that nobody will remove: ${left.join(' ')}`;
  const report = world.report();
  if (report?.daemon.guardHeld !== true) return 'the guard is not held';
  for (const { name, health } of report.uplinks) {
    // One without a prefix has no address to ask from.
    if (inForceOn(name) === undefined) continue;
    const state = expected.up[name as keyof Expected['up']] ? 'up' : 'down';
    if (world.family.spare && health?.state !== state) return `${name} is ${health?.state}, not ${state}`;
  }
  const way = report.networks[0]?.way?.uplink;
  if (world.family.spare && way !== wayOut(expected)) return `new flows leave by ${way}, not by ${wayOut(expected)}`;
  const foreign = await world.foreignState();
  return foreign === world.foreignAtStart ? undefined : `the tables of others have become ${foreign}`;
}

/** Whether long flows are where they should be: on what is in force, and not moved without need. */
async function findFlowFault(
  world: World,
  expected: Expected,
  before: string,
  since: number,
): Promise<string | undefined> {
  const prefixOf = (text: string): Prefix => {
    const read = parsePrefix(text);
    if (!read.ok) throw new Error(read.problem.message);
    return read.value;
  };
  const listed = await world.attempt(listFlows(inside));
  const spare = expected.spare === undefined ? [] : [expected.spare];
  const networks = [prefixOf(inside)];
  const { stateless } = world.family;
  const served = [...expected.held, ...spare].map(prefixOf);
  const stale = findStaleFlows(parseFlows(listed.stdout), networks, served, stateless ? networks : []);
  if (stale.length > 0)
    return `${stale.length} flows are on a course that leads nowhere, as of ${formatIpv6(stale[0]!.replyDestination)}`;
  const usable = [...(expected.up.dsl ? expected.held : []), ...(expected.up.lte ? spare : [])];
  if (usable.length === 0) return undefined;
  const { long, at: seen } = world.traffic;
  if (seen < since) return `the long flow stands still since ${Date.now() - seen} ms (it was ${long})`;
  const site = (address: string): string => address.split(':').slice(0, 4).join(':');
  const held = usable.map((prefix) => site(prefix));
  if (!held.includes(site(long))) return `the long flow is at ${long}, and what is can be used is ${held.join(' ')}`;
  const ended = expected.ended.map((prefix) => site(prefix));
  const stayed = expected.before.map((prefix) => site(prefix)).includes(site(before)) && held.includes(site(before));
  const needless = stayed && !stateless && !expected.moved && !ended.includes(site(before));
  return needless && site(before) !== site(long)
    ? `the long flow moved from ${before} to ${long} without need`
    : undefined;
}
