import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, type LabProcess } from '../lab/lab-process.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked } from '../lab/run-command.ts';
import { waitUntil } from '../lab/wait-until.ts';

/** A router with one host on either side, in namespaces of its own: host `in` - router - host `out`. */
export interface Course {
  readonly name: string;
  readonly directory: string;
  exec(place: Place, argv: readonly string[], input?: string): Promise<string>;
  /** As the traffic program takes it: `NAMESPACE:INTERFACE`. */
  port(place: 'in' | 'out'): string;
  /** Starts the daemon of this checkout on the router and waits until its guard is held and its mappings are in force. */
  startSixgate(config: string, begun?: (runtimeDirectory: string) => Promise<void>): Promise<LabProcess>;
  namespace(place: Place): string;
  remove(): Promise<void>;
}

export type Place = 'in' | 'router' | 'out';

const places: readonly Place[] = ['in', 'router', 'out'];

/** The link-layer address of the router on either link. */
export const routerMac = '02:00:00:00:00:aa';
export const insideNetwork = 'fd12:3456:789a::/48';
export const insideHost = 'fd12:3456:789a::10';
export const outsideHost = '2001:db8:ffff::80';

/** What is sent to or from this port is counted where it arrives and goes no further: `discard`. */
export const discardPort = 9;

export async function makeCourse(name: string, directory: string): Promise<Course> {
  const namespace = (place: Place): string => `sixbench-${process.pid}-${name}-${place}`;
  const own = join(directory, name);
  mkdirSync(own, { recursive: true });
  const within = (place: Place, argv: readonly string[]): string[] => [
    'ip',
    'netns',
    'exec',
    namespace(place),
    ...argv,
  ];
  const exec: Course['exec'] = (place, argv, input = '') =>
    runChecked(within(place, argv), { input, timeout: 120_000 });
  const daemons: LabProcess[] = [];

  for (const place of places) await runChecked(['ip', 'netns', 'add', namespace(place)]);
  const cables = [
    `link add lan netns ${namespace('router')} address ${routerMac} type veth peer name in0 netns ${namespace('in')} address 02:00:00:00:00:01`,
    `link add wan netns ${namespace('router')} address ${routerMac} type veth peer name out0 netns ${namespace('out')} address 02:00:00:00:00:02`,
  ];
  await runChecked(['ip', '-batch', '-'], { input: `${cables.join('\n')}\n` });
  await exec('router', ['sh', '-ec', settings], '');
  await exec('router', ['ip', '-batch', '-'], routerLines);
  await exec('in', ['ip', '-batch', '-'], hostLines('in0', insideHost));
  await exec('out', ['ip', '-batch', '-'], hostLines('out0', outsideHost));
  for (const [place, device] of [
    ['in', 'in0'],
    ['out', 'out0'],
  ] as const) {
    await exec(place, ['nft', '-f', '-'], sink(device));
  }

  return {
    name,
    directory: own,
    exec,
    port: (place) => `${namespace(place)}:${place}0`,
    namespace,
    async startSixgate(config, begun) {
      const paths = ['run', 'state'].map((each) => join(own, each));
      for (const path of paths) mkdirSync(path, { recursive: true });
      writeFileSync(join(own, 'config.yaml'), config);
      const options = ['--config', join(own, 'config.yaml'), '--runtime-dir', paths[0]!, '--state-dir', paths[1]!];
      const argv = within('router', [join(repositoryRoot, 'bin/sixgate'), 'run', ...options]);
      const daemon = startProcess(argv, join(own, 'sixgate.log'), { label: `sixgate-${name}` });
      daemons.push(daemon);
      await begun?.(paths[0]!);
      await waitUntil(
        `the mappings of ${name} (${own}/sixgate.log)`,
        () => {
          if (!daemon.running()) throw new Error(daemon.log());
          const report = readReport(paths[0]!);
          return report?.daemon.pid === daemon.pid && report.daemon.guardHeld && report.mappings.length > 0;
        },
        { timeout: 120_000 },
      );
      return daemon;
    },
    async remove() {
      for (const daemon of daemons) await daemon.stop();
      for (const place of places) execFileSync('ip', ['netns', 'del', namespace(place)]);
    },
  };
}

function readReport(
  directory: string,
): { daemon: { pid: number; guardHeld: boolean }; mappings: readonly unknown[] } | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8')) as ReturnType<typeof readReport>;
  } catch {
    return undefined;
  }
}

// The namespaces are thrown away; conntrack must not forget flows between two rounds.
const settings = `
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
ip link set lo up
modprobe nf_conntrack 2>/dev/null || true
for name in conntrack_udp_timeout conntrack_udp_timeout_stream flowtable_udp_timeout; do
  [ ! -e /proc/sys/net/netfilter/nf_$name ] || echo 3600 > /proc/sys/net/netfilter/nf_$name
done`;

/** Halves of the network, since a route for all of it is what the daemon makes. Neighbours are known: nothing is asked for. */
const routerLines = `link set lan up
link set wan up
addr add 2001:db8:ffff::1/128 dev wan nodad
neigh add fe80::1 lladdr 02:00:00:00:00:01 dev lan nud permanent
neigh add fe80::2 lladdr 02:00:00:00:00:02 dev wan nud permanent
route add fd12:3456:789a::/49 via fe80::1 dev lan
route add fd12:3456:789a:8000::/49 via fe80::1 dev lan
route add default via fe80::2 dev wan
`;

function hostLines(device: string, address: string): string {
  return `link set lo up
link set ${device} up
addr add ${address}/128 dev ${device} nodad
neigh add fe80::aa lladdr ${routerMac} dev ${device} nud permanent
route add default via fe80::aa dev ${device}
`;
}

function sink(device: string): string {
  return `table netdev sink {
  chain in {
    type filter hook ingress device "${device}" priority -500;
    udp dport ${discardPort} drop
    udp sport ${discardPort} drop
  }
}
`;
}
