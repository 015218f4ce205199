import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitUntil } from '../lab/wait-until.ts';

const root = join(import.meta.dirname, '..', '..');
export const executable = join(root, 'bin', 'sixgate');

/** Builds what `executable` runs from the sources as they are. */
export function buildSixgate(): void {
  execFileSync(process.execPath, [join(root, 'build.mjs')], { stdio: 'ignore' });
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process on the machine; what it prints is in `output`, standard output and standard error together. */
export interface Running {
  readonly child: ChildProcess;
  output(): string;
  /** Waits for a text in what comes after what was waited for last. */
  until(text: string | RegExp): Promise<void>;
  type(text: string): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Script of a router with an uplink, eth0, that nobody answers on, and a LAN, eth1. */
export const smallRouter = `
for name in eth0 eth1; do ip link add $name type veth peer name far-$name; ip link set $name up; ip link set far-$name up; done
ip -6 address add 2001:db8:1::2/64 dev eth0 nodad
ip -6 route add default via 2001:db8:1::1 dev eth0`;

/** A machine of its own: network, /etc, /run and /var/lib are nobody else's and end with it. */
export class Machine {
  readonly #holder: ChildProcess;
  readonly #within: readonly string[];
  readonly #started: ChildProcess[] = [];

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
    this.#within = ['nsenter', '-t', String(holder.pid), '-n', '-m', '--'];
  }

  /** `script` is shell text that makes its interfaces. */
  static async start(script: string): Promise<Machine> {
    const holder = spawn('unshare', ['-nm', 'sh', '-ec', `${mounts}\n${script}\necho ready\nexec sleep infinity`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = (await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])) as unknown[];
    if (String(first).trim() !== 'ready') throw new Error(`the machine did not start: ${String(first)}`);
    return new Machine(holder);
  }

  /** Any exit code is a value. */
  run(argv: readonly string[], input = ''): Ended {
    const { status, stdout, stderr } = spawnSync(this.#within[0]!, [...this.#within.slice(1), ...argv], {
      input,
      encoding: 'utf8',
      timeout: 30_000,
      maxBuffer: 2 ** 26,
    });
    return { code: status, stdout, stderr };
  }

  /** Shell text; throws on any exit code but 0. */
  sh(script: string): string {
    const { code, stdout, stderr } = this.run(['sh', '-ec', script]);
    if (code !== 0) throw new Error(`${script}\nended with ${code}: ${stderr}`);
    return stdout;
  }

  sixgate(...args: string[]): Ended {
    return this.run([executable, ...args]);
  }

  start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const environment = { ...process.env, ...env };
    const child = spawn(this.#within[0]!, [...this.#within.slice(1), ...argv], { env: environment, stdio: 'pipe' });
    this.#started.push(child);
    return follow(child);
  }

  /** On a terminal of 80 columns and 24 lines, as by a login: it is the leader of a session, and closing it hangs up. */
  startOnTerminal(argv: readonly string[]): Running {
    const command = `stty cols 80 rows 24; exec ${argv.map((each) => `'${each}'`).join(' ')}`;
    return this.start(['script', '--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
      TERM: 'linux',
      SHELL: '/bin/sh',
    });
  }

  /** A test that fails leaves what it started. */
  async stop(): Promise<void> {
    for (const child of this.#started) child.kill('SIGKILL');
    const gone = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await gone;
  }
}

const mounts = `
mount -t tmpfs none /run && mkdir -p /run/machine/upper /run/machine/work /run/machine/lib
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/machine/upper,workdir=/run/machine/work /etc
mkdir /run/machine/lib/dpkg && mount -o bind,ro /var/lib/dpkg /run/machine/lib/dpkg
mount --rbind /run/machine/lib /var/lib
mkdir -p /var/backups && mount -t tmpfs none /var/backups
rm -rf /etc/sixgate /etc/dhcpcd.conf /etc/radvd.conf /etc/netplan /etc/network
ip link set lo up`;

function follow(child: ChildProcess): Running {
  let output = '';
  let seen = 0;
  child.stdout!.on('data', (data: Buffer) => (output += String(data)));
  child.stderr!.on('data', (data: Buffer) => (output += String(data)));
  child.stdin!.on('error', () => {});
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    child,
    output: () => output,
    async until(text) {
      const find = (): number => {
        const rest = output.slice(seen);
        if (typeof text === 'string') return rest.includes(text) ? rest.indexOf(text) + text.length : -1;
        const found = text.exec(rest);
        return found ? found.index + found[0].length : -1;
      };
      await waitUntil(`${text} in the output`, () => find() >= 0, { timeout: 15_000, interval: 20 }).catch(
        (error: unknown) => {
          throw new Error(`no ${text} in:\n${output.slice(seen)}`, { cause: error });
        },
      );
      seen += find();
    },
    type: (text) => void child.stdin!.write(text),
    ended,
  };
}
