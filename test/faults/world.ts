import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  renameSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../src/engine/report.ts';
import type { Family, Told } from './family.ts';
import { hookReply } from './hook-reply.ts';
import { patience } from './patience.ts';
import { startProcess, type LabProcess } from '../lab/lab-process.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked, runCommand, type CommandOutput } from '../lab/run-command.ts';
import { waitUntil } from '../lab/wait-until.ts';

export const inside = 'fd12:3456:789a::/58';

/** What the long flow of the inside host was last seen as, and when (wall clock of this machine). */
export interface Traffic {
  readonly long: string;
  readonly at: number;
  readonly sent: number;
}

/** Debian has it under the name of the machine's architecture. */
function findFaketime(): string {
  const path = readdirSync('/usr/lib')
    .map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
    .find((each) => existsSync(each));
  if (path === undefined) throw new Error('libfaketime is not installed');
  return path;
}

/**
 * A router with the real daemon, an inside host and the Internet, each in namespaces that go with one process. Everything
 * that comes off the router's uplink is counted by the other end from the first moment to the last.
 */
export class World {
  readonly directory = mkdtempSync(join(tmpdir(), 'sixgate-faults-'));
  readonly family: Family;
  daemon: LabProcess | undefined;
  /** Milliseconds that the wall clock of the router is off. */
  clockOffset = 0;
  /** The tables of others, as they were made; all of them are to stay as they are. */
  readonly foreign = foreignTables;
  foreignAtStart = '';
  traffic: Traffic = { long: '', at: 0, sent: 0 };
  readonly #holders: ChildProcess[] = [];
  readonly #processes: LabProcess[] = [];
  #router = 0;
  #internet = 0;
  #serial = 0;
  #starts = 0;
  #leakedBefore = 0;

  constructor(family: Family) {
    this.family = family;
  }

  static async start(family: Family): Promise<World> {
    const world = new World(family);
    try {
      await world.#build();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  async #build(): Promise<void> {
    const { directory } = this;
    for (const name of ['run', 'state', 'faults', 'tools', 'dhcpcd']) mkdirSync(join(directory, name));
    for (const name of this.family.tools)
      symlinkSync(join(import.meta.dirname, 'tools/faulty-tool.sh'), join(directory, 'tools', name));
    writeFileSync(join(directory, 'config.yaml'), this.family.config);
    this.setClock(0);
    const [router, internet, lan] = await Promise.all([hold(this.#holders), hold(this.#holders), hold(this.#holders)]);
    this.#router = router;
    this.#internet = internet;
    await this.router([
      'sh',
      '-ec',
      `mount -t tmpfs -o size=512k,mode=755 run ${directory}/run
       mount -t tmpfs -o size=256k,mode=755 state ${directory}/state
       for each in all default; do
         echo 0 >/proc/sys/net/ipv6/conf/$each/accept_dad
         echo 1 >/proc/sys/net/ipv6/conf/$each/forwarding
       done
       ip link set lo up
       ip link add eth1 type veth peer name eth0 netns ${lan}
       ip link set eth1 up
       ip -6 address add fd12:3456:789a::1/64 dev eth1
       nft -f - <<'end'
${foreignTables}
end`,
    ]);
    await Promise.all([
      at(internet, [
        'sh',
        '-ec',
        'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad; ip link set lo up; ip -6 address add 2001:db8:ffff::80/128 dev lo',
      ]),
      at(lan, [
        'sh',
        '-ec',
        'echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad; ip link set lo up; ip link set eth0 up; ip -6 address add fd12:3456:789a::10/64 dev eth0 nodad; ip -6 route add default via fd12:3456:789a::1',
      ]),
    ]);
    await this.plugUplink();
    if (this.family.spare) await this.plugUplink('lte');
    await this.family.prepare?.(this);
    this.foreignAtStart = await this.foreignState();
    // Tracked by the firewall of somebody else, these flows are there before any mapping is.
    await this.router(['sh', '-ec', 'echo 3 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout']);
  }

  /** The tables of others as `nft` prints them. */
  async foreignState(): Promise<string> {
    const names = ['inet admin', 'ip6 sixgatekeeper', 'ip legacy'];
    const lines = names.map((name) => `list table ${name}\n`).join('');
    const { stdout, stderr } = await this.attempt(['nft', '-f', '-'], lines);
    return stdout + stderr + ((await this.family.foreign?.(this)) ?? '');
  }

  /** New flows and a long one begin. */
  startTraffic(): void {
    this.#processes.push(
      this.#spawn(this.#internet, [process.execPath, join(import.meta.dirname, 'tools/echo.cjs')], { label: 'echo' }),
    );
    this.#processes.push(
      this.#spawn(this.#holders[2]!.pid!, [process.execPath, join(import.meta.dirname, 'tools/traffic.cjs')], {
        label: 'traffic',
        onLine: (line) => (this.traffic = JSON.parse(line) as Traffic),
      }),
    );
  }

  /** Takes an uplink away, with its addresses and routes. */
  async unplugUplink(name: UplinkName = 'dsl'): Promise<void> {
    const { end } = cables[name];
    for (const [each, packets] of await this.#countLeaked()) this.#leakedBefore += each === end ? packets : 0;
    await this.router(['ip', 'link', 'delete', cables[name].device]);
  }

  /** An uplink with its other end, also anew: then it has another index. */
  async plugUplink(name: UplinkName = 'dsl'): Promise<void> {
    const { device, end, hardware, address, back } = cables[name];
    await this.router([
      'sh',
      '-ec',
      `ip link add ${device} type veth peer name ${end} netns ${this.#internet}; ip link set ${device} address ${hardware} up`,
    ]);
    await at(this.#internet, [
      'sh',
      '-ec',
      `nft -f - <<'end'
${counting(end)}
end
       ip link set ${end} up
       ip -6 address add fe80::1/64 dev ${end} nodad
       # Else it sends to the other line for a minute after this one was silent: its kernel takes the neighbour for dead.
       ip -6 neighbour replace ${address} lladdr ${hardware} dev ${end} nud permanent
       ip -6 route replace ${back} via ${address} dev ${end}`,
    ]);
    await this.router(['ip', '-6', 'route', 'replace', ...defaultRoute(name)]);
  }

  /** Whether the Internet behind this uplink is silent. */
  async silence(name: UplinkName, silent: boolean): Promise<void> {
    const { end } = cables[name];
    const rule = silent ? `add rule netdev wire_${end} after drop` : `flush chain netdev wire_${end} after`;
    await at(this.#internet, ['nft', rule]);
  }

  /** A command where the Internet is. */
  internet(argv: readonly string[]): [string, ...string[]] {
    return inNamespaces(this.#internet, argv);
  }

  router(argv: readonly string[], input = ''): Promise<string> {
    return runChecked(inNamespaces(this.#router, argv), { input });
  }

  /** As above; any exit code is a value. `timeout` in milliseconds. */
  attempt(argv: readonly string[], input = '', timeout = 20_000): Promise<CommandOutput> {
    return runCommand(inNamespaces(this.#router, argv), { input, timeout });
  }

  /** How a command is to be started to run on the router. */
  within(argv: readonly string[]): [string, ...string[]] {
    return inNamespaces(this.#router, argv);
  }

  /** A path of the router's file systems as seen from here. */
  path(name: string): string {
    return join('/proc', String(this.#router), 'root', this.directory, name);
  }

  /** Packets with an inside source that came off an uplink. */
  async leaked(): Promise<number> {
    return (await this.#countLeaked()).reduce((sum, [, packets]) => sum + packets, this.#leakedBefore);
  }

  async #countLeaked(): Promise<[string, number][]> {
    const text = await at(this.#internet, ['nft', 'list', 'counters']);
    return [...text.matchAll(/table netdev wire_(\S+) \{\s*counter inside \{\s*packets (\d+)/g)].map(
      ([, end, packets]) => [end!, Number(packets)],
    );
  }

  paths(): string[] {
    const { directory } = this;
    return [
      '--config',
      join(directory, 'config.yaml'),
      '--runtime-dir',
      join(directory, 'run'),
      '--state-dir',
      join(directory, 'state'),
    ];
  }

  /** The clock that the daemon and the commands see: `FAKETIME` of libfaketime, which takes effect at once. */
  setClock(milliseconds: number): void {
    this.clockOffset = milliseconds;
    const sign = milliseconds < 0 ? '-' : '+';
    writeFileSync(join(this.directory, 'clock.new'), `${sign}${Math.abs(milliseconds) / 1000}\n`);
    renameSync(join(this.directory, 'clock.new'), join(this.directory, 'clock'));
  }

  #environment(): Record<string, string> {
    const { directory } = this;
    return {
      FAULTS: join(directory, 'faults'),
      PATH: `${directory}/tools:${process.env['PATH']}`,
      LD_PRELOAD: findFaketime(),
      FAKETIME_TIMESTAMP_FILE: join(directory, 'clock'),
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** `sixgate run`; `under` is a program that starts it. */
  startDaemon(under: readonly string[] = []): LabProcess {
    const argv = [
      ...under,
      process.execPath,
      join(repositoryRoot, 'bin/sixgate'),
      'run',
      ...this.paths(),
      '--dhcpcd-dir',
      join(this.directory, 'dhcpcd'),
    ];
    const env = Object.entries(this.#environment()).map(([name, value]) => `${name}=${value}`);
    const daemon = this.#spawn(this.#router, ['env', ...env, ...argv], { label: `sixgate-${this.#starts++}` });
    this.daemon = daemon;
    this.#processes.push(daemon);
    return daemon;
  }

  /** What all daemons said so far. */
  log(): string {
    return Array.from({ length: this.#starts }, (_, index) => {
      const file = join(this.directory, `sixgate-${index}.log`);
      return `--- daemon ${index}\n${existsSync(file) ? readFileSync(file, 'utf8') : ''}`;
    }).join('');
  }

  /** Any `sixgate` command with the tools as they are. */
  sixgate(...args: string[]): Promise<CommandOutput> {
    const env = Object.entries({ ...this.#environment(), PATH: process.env['PATH']! }).map(
      ([name, value]) => `${name}=${value}`,
    );
    return this.attempt([
      'env',
      ...env,
      process.execPath,
      join(repositoryRoot, 'bin/sixgate'),
      ...args,
      ...this.paths(),
    ]);
  }

  report(): Report | undefined {
    try {
      return JSON.parse(readFileSync(this.path('run/state.json'), 'utf8')) as Report;
    } catch {
      return undefined;
    }
  }

  /** Makes a tool of the daemon misbehave, until it is undefined again. What hangs by then is ended. */
  async setFault(tool: string, mode: string | undefined): Promise<void> {
    const file = join(this.directory, 'faults', tool);
    if (mode === undefined) rmSync(file, { force: true });
    else writeFileSync(file, `${mode}\n`);
    if (mode !== undefined) return;
    // One that had read the file before can begin to hang a little later.
    for (const pause of [0, 50, 200]) {
      await sleep(pause);
      await this.#endHanging();
    }
  }

  /** Sleepers of `faulty-tool.sh` in this world. */
  async #endHanging(): Promise<void> {
    const text = await runChecked(['ps', '-eo', 'pid=,args=']);
    for (const [, pid] of text.matchAll(/^ *(\d+) sleep 600$/gm)) {
      try {
        if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`FAULTS=${this.directory}/`))
          process.kill(Number(pid), 'SIGKILL');
      } catch {
        // gone already
      }
    }
  }

  /** A name as the hook of dhcpcd gives it; `ago` in hundredths of seconds. */
  eventName(ago = 0): string {
    const uptime = Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 100;
    this.#serial++;
    return `${String(Math.round(uptime - ago)).padStart(12, '0')}-${String(this.#serial).padStart(10, '0')}`;
  }

  /** What the hook does, in as many steps. */
  leaveEvent(text: string, name = this.eventName()): void {
    const events = this.path('run/events');
    if (!existsSync(events)) mkdirSync(events, { mode: 0o700 });
    writeFileSync(join(events, `.${name}`), text, 'latin1');
    renameSync(join(events, `.${name}`), join(events, name));
  }

  /** The provider says something, and the client of this family passes it on. */
  tell(told: Told): void {
    if (this.family.tell) this.family.tell(this, told);
    else this.leaveEvent(hookReply(told));
  }

  /** Whether the last report is that of the daemon that was started last. */
  isReporting(): boolean {
    const report = this.report();
    return report !== undefined && this.daemon !== undefined && isWithin(report.daemon.pid, this.daemon.pid);
  }

  async waitForGuard(): Promise<void> {
    await waitUntil(
      'the held guard',
      () => {
        if (!this.daemon?.running()) throw new Error(`the daemon has ended: ${this.daemon?.log()}`);
        return this.isReporting() && this.report()?.daemon.guardHeld === true;
      },
      { timeout: 5 * patience() },
    );
  }

  async kill(): Promise<void> {
    const { daemon } = this;
    if (!daemon) return;
    try {
      process.kill(-daemon.pid, 'SIGKILL');
    } catch {
      // gone already
    }
    await daemon.exited;
    await sleep(20);
  }

  /** A process that goes on until the world ends. */
  start(argv: readonly [string, ...string[]], label: string): void {
    this.#processes.push(startProcess(argv, join(this.directory, `${label}.log`), { label }));
  }

  #spawn(
    target: number,
    argv: readonly string[],
    options: { label: string; onLine?: (line: string) => void },
  ): LabProcess {
    return startProcess(inNamespaces(target, argv), join(this.directory, `${options.label}.log`), options);
  }

  async stop(): Promise<void> {
    await this.#endHanging().catch(() => {});
    for (const each of this.#processes.toReversed()) await each.stop(1000);
    for (const holder of this.#holders) holder.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The process whose end is that of new namespaces for the network and for mounts. */
async function hold(holders: ChildProcess[]): Promise<number> {
  const child = spawn('unshare', ['-n', '-m', '--propagation', 'private', 'sh', '-c', 'echo; exec sleep infinity'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const place = holders.push(child) - 1;
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return holders[place]!.pid!;
}

function inNamespaces(target: number, argv: readonly string[]): [string, ...string[]] {
  return ['nsenter', '-t', String(target), '-n', '-m', '--', ...argv];
}

function at(target: number, argv: readonly string[]): Promise<string> {
  return runChecked(inNamespaces(target, argv));
}

/** strace and `env` stand before a daemon: its own process is theirs, or a child of it. */
function isWithin(pid: number, leader: number): boolean {
  try {
    return pid === leader || Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]) === leader;
  } catch {
    return false;
  }
}

/** Tables of others, with what an admin has: they have to come through everything as they are. */
const foreignTables = `
table inet admin {
  set friends { type ipv6_addr; flags interval; elements = { 2001:db8:1::/48, 2001:db8:3::-2001:db8:3::ff }; }
  chain forward { type filter hook forward priority 0; ct state invalid drop; ip6 saddr @friends accept; };
}
table ip6 sixgatekeeper {
  map ports { type inet_service : ipv6_addr; elements = { 22 : 2001:db8::22 }; }
  chain mine { tcp dport 22 accept; };
}
table ip legacy { chain nat { type nat hook postrouting priority 100; ip saddr 10.0.0.0/8 masquerade; }; }
`;

export type UplinkName = 'dsl' | 'lte';

/** The provider's router is fe80::1 on each cable. */
const cables = {
  dsl: {
    device: 'eth0',
    end: 'wan0',
    hardware: '02:00:00:00:aa:01',
    address: 'fe80::ff:fe00:aa01',
    back: 'default',
    metric: 1024,
  },
  lte: {
    device: 'eth3',
    end: 'wan3',
    hardware: '02:00:00:00:aa:03',
    address: 'fe80::ff:fe00:aa03',
    back: '2001:db8:a0::/44',
    metric: 2048,
  },
} as const;

/** Of the router, by this uplink. */
export function defaultRoute(name: UplinkName): string[] {
  const { device, metric } = cables[name];
  return ['default', 'via', 'fe80::1', 'dev', device, 'metric', String(metric)];
}

const counting = (end: string): string => `
table netdev wire_${end}
delete table netdev wire_${end}
table netdev wire_${end} {
  counter inside { }
  chain from_router {
    type filter hook ingress device ${end} priority -500;
    ip6 saddr fd12:3456:789a::/48 counter name inside drop
    ip6 saddr fc00::/7 ip6 daddr 2000::/3 counter name inside drop
    jump after
    ip6 daddr 2001:db8:ffff::80 udp dport != 7777 drop
  }
  chain after { }
}
`;
