import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCutOff, compileEdgeFilter, compileMute, compileValidSites } from './edge-filter.ts';
import { compileKeaConfig, keaPaths, type KeaSettings, type LeaseTimes } from './kea-config.ts';
import { askKea, findRunScriptLibrary } from './kea.ts';
import type { LabProcess } from './lab-process.ts';
import type { NodeShell } from './node-shell.ts';
import { compileRadvdConfig, type AdvertisedLink } from './radvd-config.ts';
import { repositoryRoot } from './repository.ts';
import { isOfSite, siteOf, type Site } from './site.ts';
import { waitUntil } from './wait-until.ts';

export interface ProviderOptions {
  readonly site: number;
  readonly length: number;
  readonly times: LeaseTimes;
  readonly rapidCommit: boolean;
  readonly inside: string;
  readonly ports: readonly string[];
}

export interface Renumbering {
  /** Number of the site to move to. */
  readonly site: number;
  /**
   * What becomes of the old site. `dead` (default): dropped and unrouted at once, as after a DSL reconnect.
   * `valid`: still routed and let through until `endOldSites`. (Kea ends the old lease with lifetime 0 either way.)
   */
  readonly old?: 'dead' | 'valid';
  /** False: no router advertisement tells the router; it can only notice that nothing comes back. Default true. */
  readonly announce?: boolean;
  /** False: DHCPv6 goes on handing out the old prefix. Default true. */
  readonly delegate?: boolean;
  readonly length?: number;
  readonly times?: Partial<LeaseTimes>;
  /** True: Kea has lost its leases (another subnet ID), so that a renewal is answered with NoBinding. */
  readonly forget?: boolean;
}

/** Packets that came off the WAN cable, by source address; see the table in edge-filter.ts. */
export interface WireCounters {
  readonly inside: number;
  readonly wrong: number;
  readonly translated: number;
  readonly bounced: number;
}

/** The provider's edge: routes, filter, router advertisements and DHCPv6, all changed as a provider changes them. */
export class Provider {
  readonly #shell: NodeShell;
  readonly #ports: readonly string[];
  readonly #inside: string;
  #settings: KeaSettings;
  #site: Site;
  /** Earlier sites that still work. */
  #old: Site[] = [];
  #radvd: LabProcess | undefined;
  #kea: LabProcess | undefined;

  constructor(shell: NodeShell, options: ProviderOptions) {
    this.#shell = shell;
    this.#ports = options.ports;
    this.#inside = options.inside;
    this.#site = siteOf(options.site);
    this.#settings = {
      sites: [this.#site],
      length: options.length,
      times: options.times,
      rapidCommit: options.rapidCommit,
      delegating: true,
      subnetId: 1,
    };
  }

  get site(): Site {
    return this.#site;
  }

  async start(): Promise<void> {
    await this.#shell.exec(['nft', '-f', '-'], { input: compileEdgeFilter(this.#ports, this.#inside, [this.#site]) });
    this.#startRadvd([{ site: this.#site, valid: 7200, preferred: 3600 }]);
    await this.startKea();
  }

  async startKea(): Promise<void> {
    const file = join(this.#shell.directory, 'kea.json');
    writeFileSync(file, JSON.stringify(this.#compileKea(), undefined, 2));
    const scripts = join(repositoryRoot, 'test/lab');
    const kea = this.#shell.spawn([keaPaths.program, '-c', file], {
      label: 'kea',
      // Kea from 2.7.9 runs hook scripts only out of one directory; this names ours.
      env: { KEA_HOOK_SCRIPTS_PATH: scripts, KEA_PIDFILE_DIR: '/run/kea', KEA_LOCKFILE_DIR: '/run/kea' },
    });
    this.#kea = kea;
    await waitUntil(`Kea's start (see ${kea.logFile})`, () => {
      if (!kea.running()) throw new Error(`Kea ended:\n${kea.log()}`);
      return kea.log().includes('DHCP6_STARTED');
    });
  }

  async stopKea(): Promise<void> {
    await this.#kea?.stop();
  }

  /**
   * Moves to another site: DHCPv6 first, then the filter, then the router advertisement, so that a client that asks as
   * soon as it hears gets the new prefix. `at` is when the filter switched, in milliseconds since 1970.
   */
  async renumber(change: Renumbering): Promise<{ at: number }> {
    const before = this.#site;
    const next = siteOf(change.site);
    const keep = change.old === 'valid';
    const remove = keep ? [] : [...this.#old, before];
    this.#site = next;
    this.#old = keep ? [...this.#old, before] : [];
    await this.#shell.exec(['ip', 'addr', 'add', `${next.edgeAddress}/64`, 'dev', 'brwan', 'nodad']);
    if (change.delegate ?? true) await this.configureKea({ ...change, sites: [next] });
    await this.#shell.exec(['nft', '-f', '-'], { input: compileValidSites({ add: [next], remove }) });
    const at = performance.timeOrigin + performance.now();
    if (change.announce ?? true) {
      this.#advertise([
        { site: next, valid: 7200, preferred: 3600 },
        { site: before, valid: keep ? 7200 : 0, preferred: 0 },
      ]);
    }
    if (!keep) {
      await this.#shell.exec(['ip', 'addr', 'del', `${before.edgeAddress}/64`, 'dev', 'brwan']);
      await this.#dropRoutes();
    }
    return { at };
  }

  /** After `old: 'valid'`: from now on only the current site works. */
  async endOldSites(): Promise<void> {
    const old = this.#old;
    if (old.length === 0) return;
    this.#old = [];
    await this.#shell.exec(['nft', '-f', '-'], { input: compileValidSites({ add: [], remove: old }) });
    await this.#dropRoutes();
    const gone = old.map((site) => ({ site, valid: 0, preferred: 0 }));
    this.#advertise([{ site: this.#site, valid: 7200, preferred: 3600 }, ...gone]);
  }

  /** Other figures or pools for what is delegated from now on; what is not named stays. */
  async configureKea(change: {
    readonly sites?: readonly Site[];
    readonly length?: number;
    readonly times?: Partial<LeaseTimes>;
    readonly delegating?: boolean;
    readonly rapidCommit?: boolean;
    readonly excluded?: string;
    readonly forget?: boolean;
  }): Promise<void> {
    const now = this.#settings;
    this.#settings = {
      sites: change.sites ?? now.sites,
      length: change.length ?? now.length,
      times: { ...now.times, ...change.times },
      rapidCommit: change.rapidCommit ?? now.rapidCommit,
      ...(change.excluded !== undefined && { excluded: change.excluded }),
      delegating: change.delegating ?? now.delegating,
      subnetId: now.subnetId + (change.forget ? 1 : 0),
    };
    await askKea(this.#shell.inside(keaPaths.socket), 'config-set', this.#compileKea());
  }

  /** True: whatever DHCPv6 clients send is lost at the edge, as with a dead server. */
  async mute(mute: boolean): Promise<void> {
    await this.#shell.exec(['nft', '-f', '-'], { input: compileMute(mute) });
  }

  /** Pulls or plugs the cable at the provider's end: the router's interface loses its carrier and stays up. */
  async plug(plugged: boolean): Promise<void> {
    for (const port of this.#ports) await this.#shell.exec(['ip', 'link', 'set', port, plugged ? 'up' : 'down']);
  }

  /** True: nothing beyond the edge answers any longer, while the line to the edge stays as it is. */
  async cutOff(cut: boolean): Promise<void> {
    await this.#shell.exec(['nft', '-f', '-'], { input: compileCutOff(cut) });
  }

  /** The router advertisement from now on. */
  advertise(links: readonly AdvertisedLink[]): void {
    this.#advertise(links);
  }

  async stopAdvertising(): Promise<void> {
    await this.#radvd?.stop();
  }

  async counters(): Promise<WireCounters> {
    const text = await this.#shell.exec(['nft', 'list', 'counters', 'table', 'netdev', 'wire']);
    const read = (name: string) =>
      Number(new RegExp(`counter ${name} {\\s*packets (\\d+)`).exec(text)?.[1] ?? Number.NaN);
    return { inside: read('inside'), wrong: read('wrong'), translated: read('translated'), bounced: read('bounced') };
  }

  async resetCounters(): Promise<void> {
    await this.#shell.exec(['nft', 'reset', 'counters', 'table', 'netdev', 'wire']);
  }

  /** The delegated prefixes that the edge routes, each with the router it goes to. */
  async routes(): Promise<{ prefix: string; via: string }[]> {
    const text = await this.#shell.exec(['ip', '-6', 'route', 'show', 'proto', '99']);
    return [...text.matchAll(/^(\S+) via (\S+)/gm)].map(([, prefix = '', via = '']) => ({ prefix, via }));
  }

  async #dropRoutes(): Promise<void> {
    const old = (await this.routes()).filter(({ prefix }) => !isOfSite(this.#site, prefix));
    const input = old.map(({ prefix }) => `route del ${prefix} proto 99\n`).join('');
    if (input) await this.#shell.exec(['ip', '-6', '-force', '-batch', '-'], { input });
  }

  #compileKea(): object {
    return compileKeaConfig(this.#settings, {
      library: findRunScriptLibrary(),
      script: join(repositoryRoot, 'test/lab/route-hook.sh'),
    });
  }

  #startRadvd(links: readonly AdvertisedLink[]): void {
    const file = join(this.#shell.directory, 'radvd.conf');
    writeFileSync(file, compileRadvdConfig(links), { mode: 0o600 });
    const argv = ['radvd', '-n', '-C', file, '-p', '/run/radvd.pid', '-m', 'stderr'];
    this.#radvd = this.#shell.spawn(argv, { label: 'radvd' });
  }

  #advertise(links: readonly AdvertisedLink[]): void {
    writeFileSync(join(this.#shell.directory, 'radvd.conf'), compileRadvdConfig(links), { mode: 0o600 });
    this.#radvd?.signal('SIGHUP');
  }
}
