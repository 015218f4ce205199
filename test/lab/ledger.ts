import {
  chmodSync,
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execFileSync } from 'node:child_process';
import { LabError } from './lab-error.ts';

const root = '/tmp/sixgate-lab';
const netnsDirectory = '/run/netns';

/**
 * What a lab left on the machine: every process by PID and start time (a PID alone may be somebody else's by now), and
 * its namespaces by their names. Written before anything is used, so that the next start can clean up after a crash.
 */
export class Ledger {
  readonly directory: string;
  readonly #file: string;
  readonly #prefix: string;

  constructor(lab: string) {
    if (!/^[a-z0-9]{1,12}$/.test(lab)) throw new LabError(`"${lab}" is no lab name: 1 to 12 of a-z and 0-9`);
    this.directory = `${root}/${lab}`;
    this.#file = `${this.directory}/ledger`;
    this.#prefix = `sg-${lab}-`;
  }

  /** Cleans up what an earlier lab of this name left, then takes the name for this process. */
  async open(): Promise<void> {
    const owner = this.#records()[0];
    if (owner !== undefined && startTime(owner.pid) === owner.start) {
      throw new LabError(`the lab ${this.#prefix}* is in use by process ${owner.pid}`);
    }
    await this.sweep();
    mkdirSync(root, { recursive: true });
    const owned = lstatSync(root);
    if (!owned.isDirectory() || owned.uid !== process.getuid?.())
      throw new LabError(`${root} belongs to somebody else`);
    mkdirSync(this.directory, { recursive: true, mode: 0o711 });
    // Not listed, but `sixgate serve` finds the daemon's report in it as the user that it becomes.
    chmodSync(root, 0o711);
    this.record(process.pid, 'owner');
  }

  record(pid: number, label: string): void {
    appendFileSync(this.#file, `${pid} ${startTime(pid) ?? 0} ${label}\n`);
  }

  /** Ends every process of this lab and removes its namespaces and files. Its owner is left alone. */
  async sweep(): Promise<void> {
    for (const { pid, start } of this.#records().slice(1)) {
      if (startTime(pid) !== start) continue;
      kill(-pid);
      kill(pid);
    }
    const names = this.#namespaces();
    for (let round = 0; round < 50; round++) {
      const left = processesIn(names);
      if (left.length === 0) break;
      for (const pid of left) kill(pid);
      await sleep(10);
    }
    if (names.length > 0) {
      execFileSync('ip', ['-force', '-batch', '-'], { input: names.map((name) => `netns del ${name}\n`).join('') });
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  #records(): { pid: number; start: string }[] {
    const text = readOrUndefined(this.#file) ?? '';
    return text.split('\n').flatMap((line) => {
      const [pid, start] = line.split(' ');
      return pid && start ? [{ pid: Number(pid), start }] : [];
    });
  }

  #namespaces(): string[] {
    try {
      return readdirSync(netnsDirectory).filter((name) => name.startsWith(this.#prefix));
    } catch {
      return [];
    }
  }
}

/** Clock ticks since boot at which the process started; undefined for one that is gone or a zombie (proc(5), field 22). */
function startTime(pid: number): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function processesIn(namespaces: readonly string[]): number[] {
  const wanted = new Set(namespaces.map((name) => `net:[${statSync(`${netnsDirectory}/${name}`).ino}]`));
  if (wanted.size === 0) return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return [];
    try {
      return wanted.has(readlinkSync(`/proc/${name}/ns/net`)) ? [Number(name)] : [];
    } catch {
      return []; // gone meanwhile
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
