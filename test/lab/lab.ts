import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LeaseTimes } from './kea-config.ts';
import { LabError } from './lab-error.ts';
import { startProcess, type LabProcess } from './lab-process.ts';
import { Ledger } from './ledger.ts';
import type { NodeShell } from './node-shell.ts';
import { insidePrefix, namespaceName, secondSite, type LabNode } from './nodes.ts';
import { compileHolder } from './private-mounts.ts';
import { Provider } from './provider.ts';
import { Router } from './router.ts';
import { runChecked, runCommand } from './run-command.ts';
import { siteOf } from './site.ts';
import { compileCables, compileNodeScript, nodesOf, type TopologyOptions } from './topology.ts';
import { waitUntil } from './wait-until.ts';

export interface LabOptions {
  /** 1 to 12 of a-z and 0-9. Labs of different names run side by side. */
  readonly name: string;
  /** Length of the delegated prefix, default 58. */
  readonly length?: number;
  /** In seconds; default preferred 1800, valid 3600, renew 900, rebind 1440. */
  readonly times?: Partial<LeaseTimes>;
  readonly rapidCommit?: boolean;
  /** `true`: with the MAC addresses of the first, its interfaces down. `twin`: see `TopologyOptions`. */
  readonly secondRouter?: boolean | 'twin';
  /** On eth3 of the router, with sites of its own from `secondSite` on. */
  readonly secondProvider?: boolean;
  readonly dad?: boolean;
  /** What counts as inside on the WAN besides fc00::/7; default `insidePrefix`. */
  readonly inside?: string;
}

/** A provider, a router, two LANs and a server on the Internet, each in a network namespace. */
export class Lab {
  readonly name: string;
  /** Where the lab's files are while it stands. */
  readonly directory: string;
  readonly provider: Provider;
  readonly provider2: Provider | undefined;
  readonly router: Router;
  readonly router2: Router | undefined;
  readonly #ledger: Ledger;
  readonly #holders: ReadonlyMap<LabNode, number>;

  private constructor(options: LabOptions, ledger: Ledger, holders: ReadonlyMap<LabNode, number>) {
    this.name = options.name;
    this.directory = ledger.directory;
    this.#ledger = ledger;
    this.#holders = holders;
    const length = options.length ?? 58;
    const common = {
      length,
      times: { preferred: 1800, valid: 3600, renew: 900, rebind: 1440, ...options.times },
      rapidCommit: options.rapidCommit ?? true,
      inside: options.inside ?? insidePrefix,
    };
    this.provider = new Provider(this.shell('provider'), {
      ...common,
      site: 1,
      ports: options.secondRouter ? ['wan0', 'wan1'] : ['wan0'],
    });
    this.provider2 = options.secondProvider
      ? new Provider(this.shell('provider2'), { ...common, site: secondSite, ports: ['wan0'] })
      : undefined;
    this.router = new Router(this.shell('router'), length);
    this.router2 = options.secondRouter ? new Router(this.shell('router2'), length) : undefined;
  }

  /** Builds it, with Kea and radvd running and no DHCPv6 client yet. Cleans up first what a crash left. */
  static async start(options: LabOptions): Promise<Lab> {
    if (process.getuid?.() !== 0) throw new LabError('the lab makes network namespaces: run it as root');
    const ledger = new Ledger(options.name);
    await ledger.open();
    try {
      const topology: TopologyOptions = {
        lab: options.name,
        site: siteOf(1),
        secondRouter: options.secondRouter ?? false,
        secondProvider: options.secondProvider ?? false,
        dad: options.dad ?? false,
      };
      await runChecked(['ip', '-batch', '-'], { input: compileCables(topology) });
      const nodes = nodesOf(topology);
      const [holders] = await Promise.all([
        startHolders(options.name, ledger, nodes),
        ...nodes.map((node) => {
          const argv = ['ip', 'netns', 'exec', namespaceName(options.name, node), 'sh', '-s'];
          return runChecked(argv, { input: compileNodeScript(node, topology) });
        }),
      ]);
      const lab = new Lab(options, ledger, holders);
      await Promise.all([lab.provider.start(), lab.provider2?.start()]);
      if (options.secondRouter === 'twin') return lab;
      const route = async () => (await lab.exec('router', ['ip', '-6', 'route', 'show', 'default'])).includes('via');
      await waitUntil("the router's default route", route);
      if (options.secondProvider) {
        const second = async () =>
          (await lab.exec('router', ['ip', '-6', 'route', 'show', 'default', 'dev', 'eth3'])) !== '';
        await waitUntil("the router's default route through eth3", second);
      }
      return lab;
    } catch (error) {
      await ledger.sweep();
      throw error;
    }
  }

  /** Ends all its processes and removes its namespaces and files. */
  stop(): Promise<void> {
    return this.#ledger.sweep();
  }

  /** Runs a program on a node to its end; any exit code but 0 throws. Returns standard output. */
  exec(node: LabNode, argv: readonly string[], options?: Parameters<typeof runChecked>[1]): Promise<string> {
    return runChecked(this.#enter(node, argv), options);
  }

  /** Starts a program on a node that goes on; it ends with the lab at the latest. */
  spawn(node: LabNode, argv: readonly string[], options: Parameters<NodeShell['spawn']>[1]): LabProcess {
    const directory = join(this.directory, node);
    mkdirSync(directory, { recursive: true });
    const started = startProcess(this.#enter(node, argv), join(directory, `${options.label}.log`), options);
    this.#ledger.record(started.pid, options.label);
    return started;
  }

  shell(node: LabNode): NodeShell {
    const directory = join(this.directory, node);
    mkdirSync(directory, { recursive: true });
    return {
      directory,
      inside: (path) => `/proc/${this.#holders.get(node) ?? 'self'}/root${path}`,
      exec: (argv, options) => this.exec(node, argv, options),
      attempt: (argv, options) => runCommand(this.#enter(node, argv), options),
      spawn: (argv, options) => this.spawn(node, argv, options),
    };
  }

  /** Every one of these ends in exec without a fork, so that the PID is the program's. */
  #enter(node: LabNode, argv: readonly string[]): string[] {
    const holder = this.#holders.get(node);
    if (holder !== undefined) return ['nsenter', '-t', String(holder), '-m', '-n', '--', ...argv];
    return ['ip', 'netns', 'exec', namespaceName(this.name, node), ...argv];
  }
}

/** A process each that keeps the mount namespaces of the routers and the provider. */
async function startHolders(lab: string, ledger: Ledger, nodes: readonly LabNode[]): Promise<Map<LabNode, number>> {
  const holders = new Map<LabNode, number>();
  const start = async (node: LabNode, kind: 'router' | 'provider') => {
    const script = ['unshare', '-m', '--propagation', 'slave', 'sh', '-c', compileHolder(kind)];
    let ready = false;
    const holder = startProcess(
      ['ip', 'netns', 'exec', namespaceName(lab, node), ...script],
      join(ledger.directory, `holder-${node}.log`),
      { label: `holder-${node}`, onLine: () => (ready = true) },
    );
    ledger.record(holder.pid, holder.label);
    await waitUntil(
      `the mounts of ${node}`,
      () => {
        if (!holder.running()) throw new LabError(`the mounts of ${node} failed`, { stderr: holder.log() });
        return ready;
      },
      { interval: 5 },
    );
    holders.set(node, holder.pid);
  };
  await Promise.all(
    nodes.flatMap((node) => {
      if (node === 'router' || node === 'router2') return [start(node, 'router')];
      return node === 'provider' || node === 'provider2' ? [start(node, 'provider')] : [];
    }),
  );
  return holders;
}
