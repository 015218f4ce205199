import { uptime } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AskReport, FlowKind, ProbeJob } from '../../lab/probe/job.ts';
import { Host, type Started } from '../../qemu/inside/host.ts';
import { waitUntil } from '../../qemu/inside/wait-until.ts';

/**
 *   lan fd12:3456:789a::10 ── lan0 router wan0 ── p0 far 2001:db8:ffff::80, which is both providers and the Internet
 *                                         wan1 ── m0, once it is plugged
 *
 * The router's own interface of the subnet `guests`, wlan0, is not there.
 */
export class Lab {
  #hosts: { lan: Host; router: Host; far: Host } | undefined;
  #daemon: Started | undefined;
  #events = 0;

  get lan(): Host {
    return this.#made.lan;
  }

  get router(): Host {
    return this.#made.router;
  }

  get far(): Host {
    return this.#made.far;
  }

  get #made(): { lan: Host; router: Host; far: Host } {
    if (this.#hosts === undefined) throw new Error('the hosts were not made');
    return this.#hosts;
  }

  async make(): Promise<void> {
    this.#hosts = { lan: await Host.create('lan'), router: await Host.create('router'), far: await Host.create('far') };
    const { lan, router, far } = this;
    await router.sh(
      'sysctl -qw net.ipv6.conf.all.forwarding=1 net.netfilter.nf_conntrack_acct=1 net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0',
    );
    await router.ip(
      `link add lan0 type veth peer name eth0 netns ${lan.pid}`,
      'link set lan0 up',
      'address add fd12:3456:789a::1/64 dev lan0 nodad',
    );
    await lan.ip(
      'link set eth0 up',
      'address add fd12:3456:789a::10/64 dev eth0 nodad',
      'route add default via fd12:3456:789a::1',
    );
    await far.ip(`address add ${farSide}/128 dev lo`);
    await far.ok(['nft', '-f', '-'], { input: seenTable });
    await this.plug('fiber');
    for (const host of [lan, far]) await this.#start(host, { kind: 'echo', port });
    await this.#start(far, { kind: 'echo', port: filteredPort });
  }

  /** A new cable to a provider: interfaces with new indexes. */
  async plug(provider: 'fiber' | 'mobile'): Promise<void> {
    const { wan, at, prefixes, metric } = cables[provider];
    await this.router.ip(
      `link add ${wan} type veth peer name ${at} netns ${this.far.pid}`,
      `link set ${wan} up`,
      `address add fe80::1/64 dev ${wan} nodad`,
    );
    await this.far.ip(
      `link set ${at} up`,
      `address add fe80::2/64 dev ${at} nodad`,
      ...prefixes.map((prefix) => `route add ${prefix} via fe80::1 dev ${at}`),
    );
    await this.router.ip(`route add default via fe80::2 dev ${wan} metric ${metric}`);
  }

  async configure(text: string): Promise<void> {
    await this.router.sh('mkdir -p /etc/sixgate; cat >/etc/sixgate/config.yaml', { input: text });
    if (this.#daemon) await this.router.sh('kill -HUP "$(cat /run/daemon)"');
    else {
      const command = 'echo $$ >/run/daemon; exec node /sixgate/dist/main.cjs run';
      this.#daemon = this.router.start(['sh', '-c', command]);
    }
  }

  /** What the daemon has said so far. */
  get log(): string {
    return this.#daemon?.output ?? '';
  }

  sixgate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.router.run(['node', '/sixgate/dist/main.cjs', ...args]);
  }

  /** As a client's hook would: `PREFIX,PREFERRED,VALID`, in seconds. */
  async delegate(uplink: string, ...prefixes: string[]): Promise<void> {
    const name = `${String(Math.floor(uptime() * 100)).padStart(12, '0')}-${String(++this.#events).padStart(10, '0')}`;
    const input = `sixgate_client=generic\0uplink=${uplink}\0prefixes=${prefixes.join(' ')}\0`;
    await this.router.sh('while [ ! -d /run/sixgate/events ]; do sleep 0.1; done');
    await this.router.sh(`cd /run/sixgate/events; cat >.${name}; mv .${name} ${name}`, { input });
  }

  /** What the daemon last wrote of itself. */
  async state(): Promise<DaemonState> {
    const text = await this.router.sh('cat /run/sixgate/state.json 2>/dev/null || echo "{}"');
    return { mappings: [], problems: [], inForce: false, ...(JSON.parse(text) as Partial<DaemonState>) };
  }

  async untilMapped(...outside: string[]): Promise<void> {
    await waitUntil(`mappings to ${outside.join(' and ')}`, patience, async () => {
      const { mappings, inForce } = await this.state();
      const now = mappings.map((each) => each.outside).toSorted();
      const told = `${now.join(' ')}${inForce ? '' : ' (not in force)'}`;
      return told === outside.toSorted().join(' ') ? undefined : `${told}\n${this.log}`;
    });
  }

  /** Lines of conntrack for flows between lan and far. */
  async flows(): Promise<string[]> {
    const text = await this.router.sh('conntrack -L -f ipv6 2>/dev/null');
    return text.split('\n').filter((line) => line.includes(`=${farSide} `) && !line.startsWith('icmp'));
  }

  async untilOffloaded(...words: readonly (readonly string[])[]): Promise<void> {
    await waitUntil(`offloaded: ${words.map((each) => each.join(' ')).join('; ')}`, patience, async () => {
      const lines = await this.flows();
      const offloaded = lines.filter((line) => line.includes('[OFFLOAD]'));
      const all = words.every((each) => offloaded.some((line) => each.every((word) => line.includes(word))));
      return all ? undefined : lines.join('\n');
    });
  }

  /** Interfaces of our flowtable. */
  async devices(): Promise<string> {
    const text = await this.router.sh('nft list flowtables ip6 2>/dev/null; true');
    return /table ip6 sixgate \{\s*flowtable fast \{[^}]*?devices = \{ ([^}]*?) \}/.exec(text)?.[1] ?? '';
  }

  async untilDevices(wanted: string): Promise<void> {
    await waitUntil(`the flowtable is on ${wanted}`, patience, async () => {
      const now = await this.devices();
      return now === wanted ? undefined : `on ${now}\n${this.log}`;
    });
  }

  /** Packets that reached far, by counter. */
  async seen(): Promise<Record<SeenCounter, number>> {
    return this.#counters(this.far, 'seen');
  }

  /** The same within so many milliseconds from now on. */
  async seenWithin(milliseconds: number): Promise<Record<SeenCounter, number>> {
    const before = await this.seen();
    await sleep(milliseconds);
    const after = await this.seen();
    return Object.fromEntries(
      Object.entries(after).map(([name, count]) => [name, count - before[name as SeenCounter]]),
    ) as Record<SeenCounter, number>;
  }

  /** Packets that the admin's chain in the forward hook has seen. */
  async forwarded(): Promise<number> {
    return (await this.#counters(this.router, 'admin'))['forwarded'] ?? 0;
  }

  async #counters(host: Host, table: string): Promise<Record<string, number>> {
    const text = await host.sh(`nft list counters table ip6 ${table}`);
    return Object.fromEntries(
      [...text.matchAll(/counter (\S+) \{\s*packets (\d+)/g)].map(([, name, packets]) => [name!, Number(packets)]),
    );
  }

  /** No packet has reached a provider with an inside source, or with one that the other provider gave, since the machine began. */
  async expectNoLeak(): Promise<void> {
    const { inside, astray } = await this.seen();
    if (inside + astray > 0)
      throw new Error(`${inside} packets with an inside source left, ${astray} by the wrong uplink`);
  }

  /** Flows from one host to the other side, until they are ended. */
  startFlows(from: Host, target: string, flows: readonly FlowKind[], to = port): Promise<Started> {
    return this.#start(from, { kind: 'flows', target, port: to, flows, interval: 40 });
  }

  /** The source that far saw, or why there was no answer. */
  async ask(from: Host, target: string): Promise<string> {
    const job: ProbeJob = { kind: 'ask', target, port, protocol: 'udp', timeout: 2000 };
    const { source, error } = JSON.parse(
      await from.ok(['node', '/sixgate/probe.mjs', JSON.stringify(job)]),
    ) as AskReport;
    return source ?? error ?? 'no answer';
  }

  async #start(host: Host, job: ProbeJob): Promise<Started> {
    const started = host.start(['node', '/sixgate/probe.mjs', JSON.stringify(job)]);
    await waitUntil(`the ${job.kind} probe`, patience, async () => (started.output === '' ? 'not ready' : undefined));
    return started;
  }
}

interface DaemonState {
  readonly mappings: readonly { readonly outside: string }[];
  readonly inForce: boolean;
  readonly offload?: { readonly interfaces: readonly string[] };
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

/** Milliseconds; under emulation, and beside other tests, everything takes its time. */
export const patience = 150_000;

export const farSide = '2001:db8:ffff::80';
export const port = 7777;
/** The admin's filter lets out no more than the first packet to it. */
export const filteredPort = 7778;
export const [prefixA, prefixB, prefixC] = ['2001:db8:a::/48', '2001:db8:b::/48', '2001:db8:c::/48'] as const;

const cables = {
  fiber: { wan: 'wan0', at: 'p0', prefixes: [prefixA, prefixB], metric: 100 },
  mobile: { wan: 'wan1', at: 'm0', prefixes: [prefixC], metric: 200 },
} as const;

type SeenCounter = 'a' | 'b' | 'c' | 'inside' | 'astray';

const seenTable = `table ip6 seen {
  counter a { }
  counter b { }
  counter c { }
  counter inside { }
  counter astray { }
  chain prerouting {
    type filter hook prerouting priority -400;
    ip6 saddr fd12:3456:789a::/48 counter name inside
    iifname "m0" ip6 saddr { ${prefixA}, ${prefixB} } counter name astray
    iifname "p0" ip6 saddr ${prefixC} counter name astray
    ip6 saddr ${prefixA} counter name a
    ip6 saddr ${prefixB} counter name b
    ip6 saddr ${prefixC} counter name c
  }
}
`;
