import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Output, RunOptions } from '../../qemu/inside/run.ts';
import { Runner } from '../../qemu/inside/runner.ts';
import { quote } from '../../qemu/inside/shell.ts';
import type { Dom0 } from './dom0.ts';
import { GuestConsole } from './guest-console.ts';

export interface GuestOptions {
  readonly type?: 'pv' | 'pvh';
  /** What is in its file system: busybox and ifupdown; with networkd and netplan it is larger. */
  readonly system?: 'ifupdown' | 'systemd';
  /** Lines of its xl.cfg, such as `vif = [ 'mac=00:16:3e:00:00:01' ]`. */
  readonly config: string;
  /** A directory that lies over its root. */
  readonly files?: string;
  /** Shell text that brings its network up. */
  readonly bringUp?: string;
}

/** A Xen domU. Its commands run in a shell on its console, which needs no network. */
export class Guest extends Runner {
  readonly name: string;
  readonly #dom0: Dom0;
  readonly #options: GuestOptions;
  readonly #directory: string;
  #console: GuestConsole | undefined;

  constructor(dom0: Dom0, name: string, options: GuestOptions) {
    super();
    this.#dom0 = dom0;
    this.name = name;
    this.#options = options;
    this.#directory = `/tmp/guests/${Buffer.from(name).toString('hex')}`;
    rmSync(this.#directory, { recursive: true, force: true });
    mkdirSync(join(this.#directory, 'over'), { recursive: true });
  }

  get configFile(): string {
    return join(this.#directory, 'xl.cfg');
  }

  /** What "xl create" says and how it ends; the guest may still be at its beginning then. */
  async create(): Promise<Output> {
    const { type = 'pv', system = 'ifupdown', config, files, bringUp = '' } = this.#options;
    const ramdisk = join(this.#directory, 'ramdisk');
    writeFileSync(
      this.configFile,
      [
        `name = ${JSON.stringify(this.name)}`,
        `type = "${type}"`,
        'kernel = "/guests/vmlinux"',
        `ramdisk = "${ramdisk}"`,
        `memory = ${system === 'systemd' ? 256 : 160}`,
        'vcpus = 1',
        // Under TCG, PVH has no hardware help for an emulated time stamp counter.
        'tsc_mode = "native"',
        'on_crash = "destroy"',
        'extra = "console=hvc0 quiet"',
        config,
        '',
      ].join('\n'),
    );
    const over = join(this.#directory, 'over');
    this.#write(join(over, 'bring-up'), bringUp);
    await this.#dom0.sh(`cp /sixgate/guest-init ${over}/init; chmod 755 ${over}/init
${files === undefined ? '' : `cp -a ${files}/. ${over}/`}
{ cat /guests/${system}.cpio; cd ${over}; busybox find . | busybox cpio -o -H newc; } >${ramdisk}`);
    const created = await this.#dom0.run(['xl', 'create', '-q', this.configFile]);
    rmSync(ramdisk);
    return created;
  }

  /** Created, and its network brought up. */
  async start(): Promise<this> {
    const { code, stderr } = await this.create();
    if (code !== 0) throw new Error(`xl create ${this.name}: exit code ${code}\n${stderr}`);
    await this.attach();
    if ((await this.#console?.waitFor('@@ready', 120_000)) === undefined) {
      throw new Error(`${this.name} is not up after two minutes; its console:\n${this.#console?.text.slice(-1500)}`);
    }
    return this;
  }

  /** To the console of what runs under the name now: after a restore it is another. */
  async attach(): Promise<void> {
    this.#console?.end();
    const tty = await this.#dom0.sh(
      'xenstore-read "/local/domain/$(xl domid "$1")/console/tty"'.replace('$1', this.name),
    );
    this.#console = new GuestConsole(tty.trim());
  }

  domid(): Promise<string> {
    return this.#dom0.ok(['xl', 'domid', this.name]).then((text) => text.trim());
  }

  async destroy(): Promise<Output> {
    this.#console?.end();
    this.#console = undefined;
    return this.#dom0.run(['xl', 'destroy', this.name]);
  }

  protected override runText(text: string, { timeout = 100_000, input }: RunOptions = {}): Promise<Output> {
    if (this.#console === undefined) throw new Error(`${this.name} does not run`);
    return this.#console.run(input === undefined ? text : `printf %s ${quote(input)} | (${text})`, timeout);
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
