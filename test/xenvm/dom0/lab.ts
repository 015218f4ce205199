import { readFileSync, writeFileSync } from 'node:fs';
import { Host } from '../../qemu/inside/host.ts';
import { bringUpBy } from './bring-up.ts';
import { Dom0 } from './dom0.ts';
import { guestCases, type GuestCase, type GuestName } from './guest-cases.ts';
import { Guest } from './guest.ts';
import { once } from './once.ts';

/**
 *   provider ─────────────── dom0 ──── vif1.0 ── mydomu1
 *   fe80::1                  eth0: 2001:db8:f::2/64, 192.0.2.1
 *   2001:db8:f::1/64         └──────── vif2.0 ── ...
 *   2001:4860:4860::8888 plays the rest of the Internet
 *
 * The provider routes 2001:db8:100::/40 to 2001:db8:f::2, and has 2001:db8:f::/64 on-link.
 */
export class Lab {
  readonly dom0 = new Dom0();
  readonly provider: Host;
  readonly #guests = new Map<GuestName, Guest>();

  private constructor(provider: Host) {
    this.provider = provider;
  }

  /** Everything outside the guests, and the configuration; the hook is not there yet. */
  static async standUp(): Promise<Lab> {
    const lab = new Lab(await Host.create('provider'));
    const { dom0, provider } = lab;
    await dom0.ip(
      `link add eth0 type veth peer name wire netns ${provider.pid}`,
      'address add 192.0.2.1/24 dev eth0',
      'address add 2001:db8:f::2/64 dev eth0 nodad',
      'link set eth0 up',
    );
    await provider.sh('echo 1 >/proc/sys/net/ipv6/conf/all/forwarding');
    await provider.ip(
      'link set wire up',
      'address add 192.0.2.254/24 dev wire',
      'address add fe80::1/64 dev wire nodad',
      'address add 2001:db8:f::1/64 dev wire nodad',
      `address add ${internet}/128 dev lo`,
      'route add 2001:db8:100::/40 via 2001:db8:f::2',
    );
    await dom0.sh(`sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1 net.ipv4.conf.eth0.proxy_arp=1
ip -6 route add default via fe80::1 dev eth0
mkdir -p /etc/sixgate
for each in /sixgate/guests/*/dom0; do cp -a "$each/." /; done`);
    lab.configure('config.yaml', 'xen: { uplink: eth0 }\n');
    return lab;
  }

  /** Writes a file below /etc/sixgate. */
  configure(name: string, text: string): void {
    writeFileSync(`/etc/sixgate/${name}`, text);
  }

  /** Of the built project. */
  sixgate(...args: string[]): Promise<string> {
    return this.dom0.ok(['node', '/sixgate/dist/main.cjs', ...args]);
  }

  /** A hotplug hook in the manner of the old script, and a guest that starts under it. */
  readonly before = once(async () => {
    writeFileSync(oldHook, readFileSync('/sixgate/by-domain-key'), { mode: 0o755 });
    writeFileSync('/etc/xen/old-addresses', 'mydomu1=2001:db8:101:1::1/64\n');
    await this.start('mydomu1');
  });

  /** Ours, in the place of the old one. */
  readonly install = once(async () => {
    await this.before();
    await this.dom0.ok(['rm', oldHook]);
    await this.sixgate('xen', 'install');
  });

  guest(name: GuestName): Guest {
    const known = this.#guests.get(name);
    if (known !== undefined) return known;
    const { type, target, vifs }: GuestCase = guestCases[name];
    const lines = JSON.parse(readFileSync(`/sixgate/guests/${name}/vifs`, 'utf8')) as string[];
    const made = new Guest(this.dom0, name, {
      type,
      system: target === 'ifupdown' ? 'ifupdown' : 'systemd',
      config: `vif = [ ${lines.map(vifText).join(', ')} ]`,
      files: `/sixgate/guests/${name}/files`,
      bringUp: bringUpBy(target, Math.min(vifs.length, 2)),
    });
    this.#guests.set(name, made);
    return made;
  }

  start(name: GuestName): Promise<Guest> {
    return this.guest(name).start();
  }

  /** Those that run, in no order. */
  async running(): Promise<string[]> {
    const lines = (await this.dom0.ok(['xl', 'list'])).trim().split('\n').slice(2);
    return lines.map((line) => line.split(/\s+/)[0]!);
  }
}

/** What stands between the brackets of a generated line. */
function vifText(text: string): string {
  return /^vif = \[ (.*) \]$/m.exec(text)![1]!;
}

const oldHook = '/etc/xen/scripts/vif-post.d/10-by-domain-key.hook';

export const internet = '2001:4860:4860::8888';
