import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { endGroup, type Output, type RunOptions } from './run.ts';
import { Runner } from './runner.ts';
import { Shell } from './shell.ts';

/**
 * One machine of the lab: a network namespace with an /etc, a /run and a /sys of its own, so that each host's files lie where
 * its tools look for them. /sys is read-only: networkd and NetworkManager take that for a container and do not wait for udev.
 */
export class Host extends Runner {
  readonly #started: ChildProcess[] = [];
  readonly #holder: ChildProcess;
  readonly #shell: Shell;
  readonly name: string;
  readonly pid: number;

  private constructor(name: string, holder: ChildProcess, pid: number) {
    super();
    this.name = name;
    this.#holder = holder;
    this.pid = pid;
    this.#shell = new Shell(this.#inside(['sh']));
  }

  static async create(name: string): Promise<Host> {
    const holder = spawn('unshare', ['--net', '--mount', '--uts', '--', 'sh', '-c', holderScript(name)], {
      detached: true,
    });
    const { pid } = holder;
    if (pid === undefined) throw new Error(`${name}: unshare did not start`);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      holder.stdout.on('data', () => resolve());
      holder.on('exit', (code) => reject(new Error(`${name} could not be made, exit code ${code}: ${said}`)));
    });
    return new Host(name, holder, pid);
  }

  protected override runText(text: string, options?: RunOptions): Promise<Output> {
    return this.#shell.run(text, options);
  }

  /** Something that runs until it is ended, or the host is. */
  start(argv: readonly string[]): Started {
    const [program = '', ...args] = this.#inside(argv);
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#started.push(child);
    const started = {
      output: '',
      get running() {
        return child.exitCode === null;
      },
      stop: () => endGroup(child),
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (started.output += text));
    }
    return started;
  }

  /** A figure out of a file of its network namespace below /proc; 0 where there is no such file. */
  counter(file: string, name: string): number {
    const path = `/proc/${this.pid}/${file}`;
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  }

  /** All its processes, and with the last one its interfaces. */
  async end(): Promise<void> {
    for (const child of this.#started) endGroup(child);
    this.#shell.end();
    const gone = new Promise((resolve) => this.#holder.on('exit', resolve));
    endGroup(this.#holder);
    await gone;
  }

  #inside(argv: readonly string[]): string[] {
    return ['nsenter', '-t', `${this.pid}`, '--net', '--mount', '--uts', '--', ...argv];
  }
}

export interface Started {
  /** So far. */
  readonly output: string;
  readonly running: boolean;
  stop(): void;
}

/** By busybox: it is static, and starts ten times as fast as what needs libraries. */
function holderScript(name: string): string {
  return [
    'set -e',
    'mount -t tmpfs -o mode=755 run /run',
    'mkdir -p /run/etc /run/work /run/network /run/dbus /run/lock /run/systemd/netif /run/NetworkManager',
    'chown systemd-network:systemd-network /run/systemd/netif',
    'mount -t overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work overlay /etc',
    'mount -t sysfs -o ro sysfs /sys',
    `hostname ${name}`,
    'ip link set lo up',
  ]
    .map((line) => (line === 'set -e' ? line : `busybox ${line}`))
    .concat('echo ready', 'exec busybox sleep 1000000')
    .join('\n');
}
