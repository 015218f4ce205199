import { Host } from '../../qemu/inside/host.ts';

/**
 *   desk ── alpha 203.0.113.4 ──┐                          ┌── relay   192.0.2.1      border relay of 6rd
 *           beta  203.0.113.77 ─┤                          ├── broker  192.0.2.99     other end of 6in4
 *           gamma 203.0.113.78 ┤
 *           delta 203.0.113.79 ┤
 *           evil  198.51.100.66 ┴─ net (routes IPv4 only) ─┼── gate    198.51.100.7   NAT, has 198.51.100.8 too
 *                                                          │   └── inner 192.168.1.10
 *                            agency 192.0.2.88, a broker ─┤
 *                                pop 192.0.2.77, a broker ─┴── home    198.51.100.9   NAT
 *                                                              └── den 192.168.1.10
 *
 * `fresh` makes a host anew, so that no scene finds what another left behind.
 */
export class Lab {
  readonly #hosts = new Map<string, Host>();
  readonly #standing = new Map<HostName, Promise<void>>();
  #router: Promise<void> | undefined;

  /** Exists since the last `fresh`. */
  host(name: HostName): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`the lab has no host ${name} now`);
    return host;
  }

  /** New hosts with their IPv4 and nothing else. Who is behind another host hangs on its wire: ask for both, in that order. */
  fresh(...names: HostName[]): Promise<void> {
    for (const name of names) this.#standing.delete(name);
    return this.#make(names);
  }

  async #make(names: readonly HostName[]): Promise<void> {
    this.#router ??= this.#makeRouter();
    await this.#router;
    for (const name of names) {
      await this.#hosts.get(name)?.end();
      this.#hosts.set(name, await Host.create(name));
    }
    for (const name of names) {
      if (name === 'inner') await this.#wirePrivate('gate', name);
      else if (name === 'den') await this.#wirePrivate('home', name);
      else if (name === 'desk') await this.#wireLan('alpha', name);
      else await this.#wirePublic(name);
    }
  }

  /** A host that only answers: made once, by whoever needs it first. */
  standing(name: HostName, make: (host: Host) => Promise<void>): Promise<void> {
    const known = this.#standing.get(name);
    if (known !== undefined) return known;
    const made = this.#make([name]).then(() => make(this.host(name)));
    this.#standing.set(name, made);
    // The next one to need it must not take half of it for the whole.
    made.catch(() => this.#standing.delete(name));
    return made;
  }

  async #makeRouter(): Promise<void> {
    const net = await Host.create('net');
    this.#hosts.set('net', net);
    await net.sh(forwarding);
    await net.ip(`address add ${nextHop}/32 dev lo`);
  }

  async #wirePublic(name: HostName): Promise<void> {
    const host = this.host(name);
    const net = this.host('net');
    const device = name === 'gate' || name === 'home' ? 'wan' : 'eth0';
    const addresses = publicAddresses[name] ?? [];
    // The last pair may still be on its way out.
    await net.sh(
      `[ ! -e /sys/class/net/to-${name} ] || ip link delete to-${name} || [ ! -e /sys/class/net/to-${name} ]`,
    );
    await net.ip(
      `link add to-${name} type veth peer name ${device} netns ${host.pid}`,
      `link set to-${name} up`,
      ...addresses.map((each) => `route replace ${each}/32 dev to-${name}`),
    );
    await host.ip(
      ...addresses.map((each) => `address add ${each}/32 dev ${device}`),
      `link set ${device} up`,
      `route add default via ${nextHop} dev ${device} onlink src ${addresses.at(-1)}`,
    );
  }

  async #wirePrivate(outer: HostName, name: HostName): Promise<void> {
    await this.#wireLan(outer, name);
    await this.host(outer).sh(forwarding);
    await this.host(outer).ip('address add 192.168.1.1/24 dev lan');
    await this.host(name).ip('address add 192.168.1.10/24 dev eth0', 'route add default via 192.168.1.1');
  }

  /** Addresses of their own have those behind NAT only: a tunnel's subnet brings its own. */
  async #wireLan(outer: HostName, name: HostName): Promise<void> {
    const other = this.host(name);
    await this.host(outer).ip(`link add lan type veth peer name eth0 netns ${other.pid}`, 'link set lan up');
    await other.ip('link set eth0 up');
  }
}

const forwarding = 'echo 1 >/proc/sys/net/ipv4/ip_forward';

export type HostName =
  | 'net'
  | 'alpha'
  | 'beta'
  | 'gamma'
  | 'evil'
  | 'relay'
  | 'broker'
  | 'gate'
  | 'inner'
  | 'desk'
  | 'agency'
  | 'delta'
  | 'pop'
  | 'home'
  | 'den';

const nextHop = '169.254.1.1';

/** Of gate the second is the one to translate to: masquerading would take the first. */
const publicAddresses: Partial<Record<HostName, readonly string[]>> = {
  alpha: ['203.0.113.4'],
  beta: ['203.0.113.77'],
  gamma: ['203.0.113.78'],
  evil: ['198.51.100.66'],
  relay: ['192.0.2.1'],
  broker: ['192.0.2.99'],
  agency: ['192.0.2.88'],
  delta: ['203.0.113.79'],
  pop: ['192.0.2.77'],
  home: ['198.51.100.9'],
  gate: ['198.51.100.8', '198.51.100.7'],
};
