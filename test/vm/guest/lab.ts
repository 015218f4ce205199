import { Host } from './host.ts';
import { runOk } from './run.ts';

/**
 *   desk ── alpha 203.0.113.4 ──┐                          ┌── relay   192.0.2.1      border relay of 6rd
 *           beta  203.0.113.77 ─┤                          ├── broker  192.0.2.99     other end of 6in4
 *           gamma 203.0.113.78 ┤
 *           evil  198.51.100.66 ┴─ net (routes IPv4 only) ─┼── gate    198.51.100.7   NAT, has 198.51.100.8 too
 *                                                          │   └── inner 192.168.1.10
 *                                pop 192.0.2.77, a broker ─┴── home    198.51.100.9   NAT
 *                                                              └── den 192.168.1.10
 *
 * `fresh` makes a host anew, so that no scene finds what another left behind.
 */
export class Lab {
  readonly #hosts = new Map<string, Host>();
  #router: Promise<void> | undefined;

  /** Exists since the last `fresh`. */
  host(name: HostName): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`the lab has no host ${name} now`);
    return host;
  }

  /** New hosts with their IPv4 and nothing else. Who is behind another host hangs on its wire: ask for both, in that order. */
  async fresh(...names: HostName[]): Promise<void> {
    this.#router ??= this.#makeRouter();
    await this.#router;
    for (const name of names) {
      await this.#hosts.get(name)?.end();
      this.#hosts.set(name, await Host.create(name));
    }
    for (const name of names) {
      if (name === 'inner') await this.#wirePrivate('gate', name);
      else if (name === 'den') await this.#wirePrivate('home', name);
      else if (name === 'desk') await this.#wireDesk();
      else await this.#wirePublic(name);
    }
  }

  /** A host that only answers: made once, by whoever needs it first. */
  async standing(name: HostName, make: (host: Host) => Promise<void>): Promise<void> {
    if (this.#hosts.has(name)) return;
    await this.fresh(name);
    await make(this.host(name));
  }

  async #makeRouter(): Promise<void> {
    const net = await Host.create('net');
    this.#hosts.set('net', net);
    await net.sh(`ip address add ${nextHop}/32 dev lo; sysctl -qw net.ipv4.ip_forward=1`);
  }

  async #wirePublic(name: HostName): Promise<void> {
    const host = this.host(name);
    const net = this.host('net');
    const device = name === 'gate' || name === 'home' ? 'wan' : 'eth0';
    const addresses = publicAddresses[name] ?? [];
    // The last pair may still be on its way out.
    await net.sh(`ip link delete to-${name} 2>/dev/null || true`);
    await runOk(['ip', 'link', 'add', device, 'netns', `${host.pid}`, ...veth(`to-${name}`, net)]);
    await net.sh(
      [`ip link set to-${name} up`, ...addresses.map((each) => `ip route replace ${each}/32 dev to-${name}`)].join(
        '; ',
      ),
    );
    await host.sh(
      [
        ...addresses.map((each) => `ip address add ${each}/32 dev ${device}`),
        `ip link set ${device} up`,
        `ip route add default via ${nextHop} dev ${device} onlink src ${addresses.at(-1)}`,
      ].join('; '),
    );
  }

  async #wirePrivate(outer: HostName, name: HostName): Promise<void> {
    await this.#wireLan(outer, name);
    await this.host(outer).sh('ip address add 192.168.1.1/24 dev lan; sysctl -qw net.ipv4.ip_forward=1');
    await this.host(name).sh('ip address add 192.168.1.10/24 dev eth0; ip route add default via 192.168.1.1');
  }

  /** No addresses: the tunnel's subnet brings them. */
  async #wireDesk(): Promise<void> {
    await this.#wireLan('alpha', 'desk');
  }

  async #wireLan(outer: HostName, name: HostName): Promise<void> {
    const [one, other] = [this.host(outer), this.host(name)];
    await runOk(['ip', 'link', 'add', 'lan', 'netns', `${one.pid}`, ...veth('eth0', other)]);
    await one.sh('ip link set lan up');
    await other.sh('ip link set eth0 up');
  }
}

function veth(peer: string, of: Host): string[] {
  return ['type', 'veth', 'peer', 'name', peer, 'netns', `${of.pid}`];
}

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
  pop: ['192.0.2.77'],
  home: ['198.51.100.9'],
  gate: ['198.51.100.8', '198.51.100.7'],
};
