import { copyFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileDhcpcdConfig, readNoInterfaceWord, startDhcpcd, type DhcpcdOptions } from './dhcpcd.ts';
import type { LabProcess } from './lab-process.ts';
import type { NodeShell } from './node-shell.ts';
import { insidePrefix } from './nodes.ts';
import { repositoryRoot } from './repository.ts';
import { routerDownLines, routerUpLines } from './topology.ts';
import { waitUntil } from './wait-until.ts';

/** A router of the lab; comes up with addresses and forwarding on, but with no firewall and no DHCPv6 client. */
export class Router {
  readonly shell: NodeShell;
  readonly #length: number;
  #dhcpcd: LabProcess | undefined;

  constructor(shell: NodeShell, length: number) {
    this.shell = shell;
    this.#length = length;
  }

  get dhcpcd(): LabProcess {
    if (!this.#dhcpcd) throw new Error('dhcpcd was not started');
    return this.#dhcpcd;
  }

  /** With a configuration of the lab's own, or with the text given. Returns at once; see `waitForPrefix`. */
  async startDhcpcd(options: Partial<DhcpcdOptions> | { readonly text: string } = {}): Promise<LabProcess> {
    const file = join(this.shell.directory, 'dhcpcd.conf');
    const text =
      'text' in options
        ? options.text
        : compileDhcpcdConfig(
            { length: this.#length, ...options },
            await readNoInterfaceWord(this.shell, this.#length),
          );
    writeFileSync(file, text);
    this.#dhcpcd = startDhcpcd(this.shell, file);
    return this.#dhcpcd;
  }

  /** With what `sixgate generate uplink` writes: its configuration, and its hook for this router's instance. */
  async startGeneratedDhcpcd(): Promise<LabProcess> {
    const what = ['generate', 'uplink', '--for', 'dhcpcd', '--interface', 'eth0', '--length', String(this.#length)];
    const written = await this.sixgate(...what, '--out', '/', '--force');
    if (written.code !== 0) throw new Error(written.stderr);
    this.#dhcpcd = startDhcpcd(this.shell, '/etc/dhcpcd.conf');
    return this.#dhcpcd;
  }

  async stopDhcpcd(): Promise<void> {
    await this.#dhcpcd?.stop();
    this.#dhcpcd = undefined;
  }

  /** Renew at once, or rebind. By signal: dhcpcd 9.4.1's control socket takes only one `-N` in its life. */
  renew(how: 'renew' | 'rebind' = 'renew'): void {
    this.dhcpcd.signal(how === 'renew' ? 'SIGUSR1' : 'SIGHUP');
  }

  /** The delegated prefixes that dhcpcd holds, by the reject routes it installs for them. */
  async delegatedPrefixes(): Promise<string[]> {
    const text = await this.shell.exec(['ip', '-6', 'route', 'show', 'proto', 'dhcp', 'type', 'unreachable']);
    return [...text.matchAll(/^unreachable (\S+)/gm)].map(([, prefix = '']) => prefix);
  }

  /** Waits until dhcpcd holds a prefix that passes the test; returns it. */
  async waitForPrefix(test: (prefix: string) => boolean = () => true, timeout = 15_000): Promise<string> {
    const ask = async () => (await this.delegatedPrefixes()).find(test);
    return waitUntil(`a delegated prefix (see ${this.shell.directory}/dhcpcd.log)`, ask, { timeout });
  }

  /**
   * The how-to's method: two chains that a hook of dhcpcd fills, and around them what that how-to leaves to the
   * firewall: the jumps, and one conntrack rule so that established flows stay tracked while the chains are empty.
   */
  async startBaseline({
    inside = insidePrefix,
    nodelay = true,
  }: { inside?: string; nodelay?: boolean } = {}): Promise<LabProcess> {
    await this.shell.exec(['sh', '-e', '-c', baselineFirewall]);
    const hook = join(this.shell.directory, 'baseline-hook.sh');
    copyFileSync(join(repositoryRoot, 'test/lab/baseline-hook.sh'), hook);
    chmodSync(hook, 0o755);
    writeFileSync(
      join(this.shell.directory, 'baseline.conf'),
      `inside=${inside.replace(/\/.*/, '')}/${this.#length}\n`,
    );
    return this.startDhcpcd({ script: hook, nodelay });
  }

  /** Waits until the baseline's rules translate to this prefix. */
  async waitForBaseline(prefix: string, timeout = 15_000): Promise<void> {
    const ask = async () => {
      const rules = await this.shell.exec(['ip6tables', '-t', 'nat', '-S', 'external_snat']);
      return (
        rules
          .trim()
          .split('\n')
          .filter((rule) => rule.includes(prefix)).length === 2
      );
    };
    await waitUntil(`the baseline's rules for ${prefix}`, ask, { timeout });
  }

  /** The daemon out of this checkout, with a directory of its own for run-time and for lasting state. */
  startSixgate(
    config: string,
    {
      args = [],
      env = {},
      umask = '022',
    }: { args?: readonly string[]; env?: Readonly<Record<string, string>>; umask?: string } = {},
  ): LabProcess {
    const underUmask = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
    const argv = [...underUmask, join(repositoryRoot, 'bin/sixgate'), 'run', ...this.sixgatePaths(), ...args];
    writeFileSync(join(this.shell.directory, 'config.yaml'), config);
    return this.shell.spawn(argv, { label: 'sixgate', env });
  }

  /** The options that point any `sixgate` command at this router's instance. */
  sixgatePaths(): string[] {
    const { directory } = this.shell;
    for (const name of ['run', 'state']) mkdirSync(join(directory, name), { recursive: true });
    const path = (name: string) => join(directory, name);
    return ['--config', path('config.yaml'), '--runtime-dir', path('run'), '--state-dir', path('state')];
  }

  /** Runs `sixgate ARGS` against this router's instance. */
  sixgate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.shell.attempt([join(repositoryRoot, 'bin/sixgate'), ...args, ...this.sixgatePaths()]);
  }

  /** Pulls or plugs the WAN cable. */
  async setCarrier(up: boolean, device: 'eth0' | 'eth3' = 'eth0'): Promise<void> {
    await this.shell.exec(['ip', 'link', 'set', device, up ? 'up' : 'down']);
  }

  /** All interfaces up with their addresses, or all down: the active and the passive one of a pair. */
  async setActive(active: boolean): Promise<void> {
    const lines = active ? routerUpLines() : routerDownLines();
    await this.shell.exec(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  }
}

const baselineFirewall = `
ip6tables -t nat -N external_dnat
ip6tables -t nat -N external_snat
ip6tables -t nat -A PREROUTING -j external_dnat
ip6tables -t nat -A POSTROUTING -j external_snat
ip6tables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
`;
