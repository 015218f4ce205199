import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileProgram } from '../../src/backend/bpf/compile-program.ts';
import { formatPrefix } from '../../src/core/prefix.ts';
import type { ProgramContent } from '../../src/engine/stateless.ts';
import { makeNamespace, type Namespace } from '../kernel/namespace.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readPacket, type ReadPacket } from '../translate/packet.ts';

/**
 * A router with nothing on it but a translator, and a host on either side that sends and sees packets as they are:
 *
 *     inner (in0) ---- lan [router] wan ---- outer (out0)
 */
export interface TranslatorBench {
  readonly router: Namespace;
  /** Puts programs of the object on the uplink, `wan`, in both directions. */
  load(content: Pick<ProgramContent, 'outward' | 'inward' | 'networks'> & Partial<ProgramContent>): void;
  /** Sends packets from one side; those that come out on the other within a moment. */
  cross(from: 'inner' | 'outer', packets: readonly Buffer[]): Promise<ReadPacket[]>;
  remove(): void;
}

const sender = `
socket(my $raw, AF_PACKET(), SOCK_RAW(), 0x86dd) or die "socket: $!";
my $at = pack("S n I S C C a8", 17, 0x86dd, $ARGV[0], 1, 0, 6, pack("H*", $ARGV[1]));
while (<STDIN>) { chomp; send($raw, pack("H*", $ARGV[1] . "020000000001" . "86dd" . $_), 0, $at) or die "send: $!"; }
sub AF_PACKET { 17 } sub SOCK_RAW { 3 }`;

export function makeBench(): TranslatorBench {
  const [router, inner, outer] = [makeNamespace(), makeNamespace(), makeNamespace()];
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-bench-'));
  const names = [router, inner, outer].map(({ exec }) => exec(['ip', 'netns', 'identify']).trim());
  const cable = (name: string, peer: string, to: string): void => {
    const argv = ['link', 'add', name, 'netns', names[0]!, 'address', mac[name]!, 'mtu', '9000', 'type', 'veth'];
    execFileSync('ip', [...argv, 'peer', 'name', peer, 'netns', to]);
  };
  cable('lan', 'in0', names[1]!);
  cable('wan', 'out0', names[2]!);
  router.exec(['sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding']);
  // No addresses and no neighbours: whatever is routed to a link is sent.
  for (const [{ exec }, links] of [
    [router, ['lan', 'wan']],
    [inner, ['in0']],
    [outer, ['out0']],
  ] as const) {
    for (const link of links)
      exec(['ip', 'link', 'set', link, 'arp', 'off', 'addrgenmode', 'none', 'mtu', '9000', 'up']);
  }
  router.exec(['ip', '-6', 'route', 'add', 'default', 'dev', 'wan']);
  router.exec(['tc', 'qdisc', 'add', 'dev', 'wan', 'clsact']);
  const [object, large] = ['rfc6296.o', 'rfc6296-large.o'].map((name) =>
    readFileSync(join(repositoryRoot, 'dist', name)),
  );
  return {
    router,
    load(content) {
      for (const inside of content.networks) {
        router.exec(['ip', '-6', 'route', 'replace', formatPrefix(inside), 'dev', 'lan']);
      }
      for (const [hook, direction] of [
        ['ingress', 'inbound'],
        ['egress', 'outbound'],
      ] as const) {
        const headers = { uplink: 14, detour: 14 };
        const compiled = compileProgram(content.outward.length > 1024 ? large! : object!, {
          own: [],
          headers,
          ...content,
          direction,
        });
        if (!compiled.ok) throw new Error(compiled.problem.message);
        const path = join(directory, `${direction}.o`);
        writeFileSync(path, compiled.value);
        const filter = ['tc', 'filter', 'replace', 'dev', 'wan', hook, 'pref', '1', 'handle', '1', 'protocol', 'ipv6'];
        router.exec([...filter, 'bpf', 'direct-action', 'object-file', path, 'section', `tc/${direction}`]);
      }
    },
    async cross(from, packets) {
      const [source, link, sink, device] =
        from === 'inner' ? ([inner, 'in0', names[2]!, 'out0'] as const) : ([outer, 'out0', names[1]!, 'in0'] as const);
      const file = join(directory, 'seen.pcap');
      const dump = spawn(
        'ip',
        [
          'netns',
          'exec',
          sink,
          'tcpdump',
          '-i',
          device,
          '-n',
          '-U',
          '--immediate-mode',
          '-s',
          '256',
          '-B',
          '4096',
          '-w',
          file,
          'ip6',
        ],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let said = '';
      dump.stderr.on('data', (data: Buffer) => (said += data.toString()));
      await waitUntil('tcpdump', () => said.includes('listening'), { interval: 5 });
      const index = source.exec(['cat', `/sys/class/net/${link}/ifindex`]).trim();
      const to = mac[from === 'inner' ? 'lan' : 'wan']!.replaceAll(':', '');
      const lines = packets.map((packet) => `${packet.toString('hex')}\n`).join('');
      source.exec(['perl', '-MSocket', '-e', sender, index, to], lines);
      const size = (): number => readFileSync(file).length;
      let before = -1;
      await waitUntil(
        'silence',
        () => {
          const now = size();
          const quiet = now === before;
          before = now;
          return quiet;
        },
        { interval: 100 },
      );
      const ended = new Promise((resolve) => dump.on('exit', resolve));
      dump.kill('SIGINT');
      await ended;
      return readCapture(readFileSync(file));
    },
    remove() {
      for (const namespace of [router, inner, outer]) namespace.remove();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const mac: Readonly<Record<string, string>> = { lan: '02:00:00:00:00:0a', wan: '02:00:00:00:00:0b' };

/** The packets of a capture file (pcap, as tcpdump writes it on a machine of little endian). */
function readCapture(bytes: Buffer): ReadPacket[] {
  const packets: ReadPacket[] = [];
  for (let at = 24; at + 16 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 8);
    packets.push(readPacket(bytes.subarray(at + 16 + 14, at + 16 + length)));
    at += 16 + length;
  }
  return packets;
}
