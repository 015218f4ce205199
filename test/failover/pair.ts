import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { Twin, firstGateway, type TwinClient } from './twin.ts';

const now = (): number => performance.timeOrigin + performance.now();

/** For what takes a second on a machine with time for it. */
const patient = { timeout: 30_000 };

/** Two routers of the lab that stand for each other, and when each of them told the hosts that it is their gateway. */
export class Pair {
  readonly lab: Lab;
  readonly twins: readonly [Twin, Twin];
  readonly #gained: { readonly twin: Twin; readonly at: number }[] = [];

  private constructor(lab: Lab, client: TwinClient) {
    this.lab = lab;
    this.twins = [new Twin(lab, 'router', client), new Twin(lab, 'router2', client)];
  }

  /** Both running, the first one active. */
  static async start(
    lab: Lab,
    options: { readonly syncFlows?: boolean; readonly client?: TwinClient } = {},
  ): Promise<Pair> {
    const pair = new Pair(lab, options.client ?? 'dhcpcd');
    const [first, second] = pair.twins;
    for (const twin of pair.twins) await twin.install(options.syncFlows);
    await pair.#watch();
    await first.boot();
    await first.waitFor('active');
    await second.boot();
    await pair.ready(second);
    return pair;
  }

  get active(): Twin {
    const active = this.twins.filter((twin) => twin.report()?.failover?.state === 'active');
    if (active.length !== 1) throw new Error(`${active.length} active routers`);
    return active[0]!;
  }

  other(twin: Twin): Twin {
    return this.twins.find((each) => each !== twin)!;
  }

  /** Passive, and knows the way out: it has heard a router. The provider is asked to be heard now instead of within 4 s. */
  async ready(twin: Twin): Promise<void> {
    await twin.waitFor('passive');
    this.lab.provider.advertise([{ site: this.lab.provider.site, valid: 7200, preferred: 3600 }]);
    await waitUntil(`${twin.name} hears the provider`, async () =>
      (await twin.router.shell.exec(['ip', '-6', 'route', 'show', 'default', 'dev', 'wan0'])).includes('via'),
    );
  }

  /** `fail` makes the active one fail. When that was, and after how many milliseconds the other one told the hosts. */
  async failOver(
    fail: (active: Twin) => Promise<void>,
  ): Promise<{ at: number; detected: number; from: Twin; to: Twin }> {
    const from = this.active;
    const to = this.other(from);
    const at = now();
    const failing = fail(from);
    const gained = await waitUntil(
      `${to.name} takes over (see ${to.router.shell.directory}/keepalived.log)`,
      () => this.#gained.find((each) => each.twin === to && each.at > at),
      { interval: 5, ...patient },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${to.keepalived.log().slice(-3000)}`);
    });
    await to.waitFor('active');
    await failing;
    return { at, detected: gained.at - at, from, to };
  }

  /** Both running and one active, whatever was left by a test that failed. */
  async recover(): Promise<void> {
    for (const twin of this.twins) await twin.revive();
    await this.settled();
    const { gateway } = await this.held();
    for (const twin of this.twins) await twin.waitFor(gateway.includes(twin.name) ? 'active' : 'passive');
    await this.ready(this.other(this.active));
  }

  /** Who has the gateway address and who may speak to the provider, by what the kernels say. */
  async held(): Promise<{ gateway: string[]; speaks: string[] }> {
    const held: { gateway: string[]; speaks: string[] } = { gateway: [], speaks: [] };
    for (const { router, name } of this.twins) {
      const addresses = await router.shell.exec(['ip', '-6', 'addr', 'show', 'dev', 'eth1']);
      if (addresses.includes(`${firstGateway}/`)) held.gateway.push(name);
      const { stdout } = await router.shell.attempt(['tc', 'qdisc', 'show', 'dev', 'wan0']);
      if (!stdout.includes('blackhole')) held.speaks.push(name);
    }
    return held;
  }

  /** Exactly one is active; throws where that does not come about soon. */
  async settled(): Promise<void> {
    let last = '';
    await waitUntil(
      'one active router',
      async () => {
        const { gateway, speaks } = await this.held();
        last = JSON.stringify({ gateway, speaks });
        return gateway.length === 1 && speaks.length === 1 && gateway[0] === speaks[0];
      },
      patient,
    ).catch(() => Promise.reject(new Error(`not one active router: ${last}`)));
    await sleep(0);
  }

  /** keepalived tells the hosts at once: on which router by its MAC address, and when by the capture's clock. */
  async #watch(): Promise<void> {
    const from = new RegExp(String.raw`^(\d+)\.(\d{6}) 02:00:00:00:b([12]):01 > .*tgt is ${firstGateway},`);
    const argv = ['tcpdump', '-l', '-tt', '-e', '-n', '-i', 'eth0', 'icmp6 and ip6[40] == 136'];
    const tcpdump = this.lab.spawn('lan1', argv, {
      label: 'advertisements',
      onLine: (line) => {
        const [, seconds, fraction, number] = from.exec(line) ?? [];
        const twin = this.twins[Number(number) - 1];
        if (twin) this.#gained.push({ twin, at: Number(seconds) * 1000 + Number(fraction) / 1000 });
      },
    });
    await waitUntil('tcpdump', () => tcpdump.log().includes('listening on'), { interval: 5 });
  }
}
