import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unpackedPackages } from '../verify/unpacked-packages.ts';

const repository = join(import.meta.dirname, '..', '..');
/** Xen's own scripts, and the ifconfig that its vif-route calls. */
export const packages = unpackedPackages('xen-scripts', ['xen-utils-common', 'net-tools']);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Guest {
  readonly domid: number;
  readonly devid: number;
  readonly device: string;
  readonly mac: string;
  /** Runs in the guest. */
  run(...argv: readonly string[]): Ended;
}

/**
 * A Dom0 in a network namespace: veth pairs stand for netback and netfront, files for xenstore, and the rest is real: the
 * kernel, nft, ip, the hotplug scripts of Debian's Xen.
 */
export interface Dom0 {
  /** Below it are `etc/xen`, `store` and `run`. */
  readonly directory: string;
  run(...argv: readonly string[]): Ended;
  runWith(env: Readonly<Record<string, string>>, ...argv: readonly string[]): Ended;
  start(env: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ended>;
  sixgate(...args: readonly string[]): Ended;
  configure(text: string): void;
  store(key: string, value: string): void;
  stored(key: string): string | undefined;
  /** The wire to the provider: `eth0` on Dom0, and what runs behind it. */
  readonly world: { run(...argv: readonly string[]): Ended };
  /** What libxl does before it calls a hotplug script. */
  create(guest: { domid: number; devid?: number; name: string; ip?: string; vifname?: string; mac?: string }): Guest;
  /** Calls a hotplug script of /etc/xen/scripts as libxl does. */
  hotplug(script: string, command: string, guest: Pick<Guest, 'domid' | 'devid'>): Ended;
  hotplugEnv(guest: Pick<Guest, 'domid' | 'devid'>): Record<string, string>;
  /** What libxl does before it calls one with "offline": the interface is gone. */
  unplug(guest: Guest): void;
  /** Addresses for the wire: the provider routes 2001:db8::/40 to Dom0, whose own is 2001:db8:ffff::2. */
  connect(): void;
  /** Calls sixgate as the hook does. */
  vif(command: string, guest: Pick<Guest, 'domid' | 'devid'>, ...options: readonly string[]): Ended;
  /** Everything of ours that can be left behind when guests are gone. */
  traces(): string;
  remove(): void;
}

/** Throws what it said where it did not end well. */
export function done(ended: Ended): string {
  if (ended.code !== 0) throw new Error(`${ended.code}: ${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

let serial = 0;

export function makeDom0(): Dom0 {
  const prefix = `sgx${process.pid}-${serial++}`;
  const names: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-xen-'));
  for (const each of ['etc/xen', 'store', 'run', 'var/log/xen']) mkdirSync(join(directory, each), { recursive: true });
  if (packages !== undefined) cpSync(join(packages, 'etc/xen'), join(directory, 'etc/xen'), { recursive: true });
  const namespace = (what: string): string => {
    const name = `${prefix}-${what}`;
    execFileSync('ip', ['netns', 'add', name]);
    execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    // Nobody else is on these wires; waiting for somebody takes a second each.
    const patience = `net.ipv6.conf.default.accept_dad=${what === 'dom0' ? 1 : 0}`;
    execFileSync('ip', ['netns', 'exec', name, 'sysctl', '-qw', patience]);
    names.push(name);
    return name;
  };
  const within = (name: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Ended => {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', name, ...argv], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, ...env },
    });
    return { code: status, stdout, stderr };
  };
  const name = namespace('dom0');
  const world = namespace('world');
  const mounts = `mount -t overlay overlay -o lowerdir=${directory}/etc:/etc /etc &&
    mount --bind ${directory}/var/log /var/log && exec "$@"`;
  const sixgateProgram = join(repository, 'bin/sixgate');
  const sixgateOptions = [
    '--config',
    join(directory, 'etc/sixgate/config.yaml'),
    '--runtime-dir',
    join(directory, 'run'),
  ];
  const inDom0 = (argv: readonly string[]): string[] => ['unshare', '-m', 'sh', '-c', mounts, 'sh', ...argv];
  const environment = {
    XENSTORE: join(directory, 'store'),
    PATH: [
      ...(process.env['PATH'] ?? '').split(':'),
      join(import.meta.dirname, 'xenstore'),
      ...(packages === undefined ? [] : [join(packages, 'sbin'), join(packages, 'usr/sbin')]),
      '/usr/sbin',
      '/sbin',
    ].join(':'),
  };
  const run = (...argv: readonly string[]): Ended => within(name, inDom0(argv), environment);
  done(run('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', world));
  done(run('ip', 'link', 'set', 'eth0', 'up'));
  done(within(world, ['ip', 'link', 'set', 'eth0', 'up']));
  done(run('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1'));
  const keyPath = (key: string): string =>
    join(directory, 'store', key.startsWith('/') ? key : `/local/domain/0/${key}`);
  const store = (key: string, value: string): void => {
    mkdirSync(dirname(keyPath(key)), { recursive: true });
    writeFileSync(keyPath(key), value);
  };
  const hotplugEnv = ({ domid, devid }: Pick<Guest, 'domid' | 'devid'>) => ({
    XENBUS_TYPE: 'vif',
    XENBUS_PATH: `backend/vif/${domid}/${devid}`,
    XENBUS_BASE_PATH: 'backend',
    vif: `vif${domid}.${devid}`,
    netdev: '',
  });
  const runWith = (env: Readonly<Record<string, string>>, ...argv: readonly string[]): Ended =>
    within(name, inDom0(argv), { ...environment, ...env });
  const path = ({ domid, devid }: Pick<Guest, 'domid' | 'devid'>): string => `backend/vif/${domid}/${devid}`;
  const sixgate = (...args: readonly string[]): Ended => run(sixgateProgram, ...sixgateOptions, ...args);
  return {
    directory,
    run,
    runWith,
    start: async (env, ...argv) =>
      new Promise((resolve) => {
        const options = { encoding: 'utf8', timeout: 60_000, env: { ...process.env, ...environment, ...env } } as const;
        execFile('ip', ['netns', 'exec', name, ...inDom0(argv)], options, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
      }),
    sixgate,
    configure(text) {
      mkdirSync(join(directory, 'etc/sixgate'), { recursive: true });
      writeFileSync(join(directory, 'etc/sixgate/config.yaml'), text);
    },
    store,
    stored: (key) => (existsSync(keyPath(key)) ? readFileSync(keyPath(key), 'utf8') : undefined),
    world: { run: (...argv) => within(world, argv) },
    create({ domid, devid = 0, name: guestName, ip, vifname, mac = `00:16:3e:00:0${devid}:${hex(domid)}` }) {
      const inside = names.includes(`${prefix}-${domid}`) ? `${prefix}-${domid}` : namespace(String(domid));
      const vif = `vif${domid}.${devid}`;
      done(run('ip', 'link', 'add', vif, 'type', 'veth', 'peer', 'name', `eth${devid}`, 'netns', inside));
      done(run('ip', 'link', 'set', vif, 'address', 'fe:ff:ff:ff:ff:ff'));
      done(within(inside, ['ip', 'link', 'set', `eth${devid}`, 'address', mac, 'up']));
      const at = path({ domid, devid });
      store(`/local/domain/${domid}/name`, guestName);
      store(`/local/domain/${domid}/vm`, `/vm/0df3b2a6-1c1c-4c1c-8c1c-0000000000${hex(domid)}`);
      store(`${at}/mac`, mac);
      store(`${at}/frontend-id`, String(domid));
      if (ip !== undefined) store(`${at}/ip`, ip);
      if (vifname !== undefined) store(`${at}/vifname`, vifname);
      return { domid, devid, device: vifname ?? vif, mac, run: (...argv) => within(inside, argv) };
    },
    hotplug: (script, command, guest) =>
      runWith(hotplugEnv(guest), `/etc/xen/scripts/${script}`, command, 'type_if=vif'),
    hotplugEnv,
    unplug: ({ device }) => void run('ip', 'link', 'del', device),
    connect() {
      done(run('ip', 'addr', 'add', '2001:db8:ffff::2/64', 'dev', 'eth0', 'nodad'));
      done(run('ip', 'route', 'add', 'default', 'via', '2001:db8:ffff::1'));
      done(within(world, ['ip', 'addr', 'add', '2001:db8:ffff::1/64', 'dev', 'eth0', 'nodad']));
      done(within(world, ['ip', 'route', 'add', '2001:db8::/40', 'via', '2001:db8:ffff::2']));
      for (let tries = 0; run('ping', '-c1', '-W1', '2001:db8:ffff::1').code !== 0; tries++) {
        if (tries === 10) throw new Error('the wire is dead');
      }
    },
    vif: (command, guest, ...options) => sixgate('xen', 'vif', command, '--path', path(guest), ...options),
    traces: () =>
      [
        run('ip', '-6', 'route', 'show', 'proto', '66').stdout,
        run('ip', '-6', 'neigh', 'show', 'proxy').stdout,
        /elements = .*/.exec(run('nft', 'list', 'set', 'ip6', 'sixgate_xen', 'vifs').stdout)?.[0] ?? '',
        readdirSync(join(directory, 'run/xen'))
          .filter((each) => !['vif', 'policy'].includes(each))
          .join(),
        readdirSync(join(directory, 'run/xen/vif')).join(),
      ].join(''),
    remove() {
      const pid = join(directory, 'run/xen/radvd.pid');
      if (existsSync(pid)) run('sh', '-c', `kill $(cat ${pid})`);
      for (const each of names) spawnSync('ip', ['netns', 'del', each]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function hex(number: number): string {
  return number.toString(16).padStart(2, '0');
}
