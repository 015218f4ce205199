import type { Lab } from '../lab/lab.ts';
import type { LabNode } from '../lab/nodes.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readPacket, type ReadPacket } from './packet.ts';

/** Perl since it is on every Debian and Node has no raw sockets. The protocol 255 takes packets with their header. */
const sender = `
socket(my $raw, AF_INET6, SOCK_RAW, 255) or die "socket: $!";
while (<STDIN>) {
  my ($to, $hex) = split;
  send($raw, pack("H*", $hex), 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, $to))) or die "send to $to: $!";
}`;

/** Sends packets as they are, from a node, whatever source they name; each goes the way of its destination. */
export async function sendRaw(lab: Lab, node: LabNode, packets: readonly Buffer[]): Promise<void> {
  const input = packets.map((packet) => `${readPacket(packet).destination} ${packet.toString('hex')}\n`).join('');
  await lab.exec(node, ['perl', '-MSocket=:DEFAULT,inet_pton,pack_sockaddr_in6', '-e', sender], { input });
}

export interface Capture {
  /** All so far. */
  readonly packets: readonly ReadPacket[];
  /** Waits for the first that passes the test. */
  first(what: string, test?: (packet: ReadPacket) => boolean): Promise<ReadPacket>;
  stop(): Promise<void>;
}

let captures = 0;

/** Reads packets off an interface, by a filter in tcpdump's language. */
export async function startCapture(
  lab: Lab,
  node: LabNode,
  { port, filter, direction = 'inout' }: { port: string; filter: string; direction?: 'in' | 'out' | 'inout' },
): Promise<Capture> {
  const packets: ReadPacket[] = [];
  let bytes = Buffer.alloc(0);
  const argv = ['tcpdump', '-i', port, '-n', '-l', '-x', '-s', '0', '--immediate-mode', '-Q', direction, filter];
  const label = `capture-${++captures}`;
  const dump = lab.spawn(node, argv, {
    label,
    onLine(line) {
      const [, offset, hex] = /^\s+0x([0-9a-f]+): {2}([0-9a-f ]+)$/.exec(line) ?? [];
      if (offset === undefined || hex === undefined) return;
      // Of an ICMPv6 error whose code it does not know, tcpdump shows the payload apart before the packet.
      bytes = Buffer.concat([offset === '0000' ? Buffer.alloc(0) : bytes, Buffer.from(hex.replaceAll(' ', ''), 'hex')]);
      if (bytes[0]! >> 4 === 6 && bytes.length >= 40 && bytes.length === 40 + bytes.readUInt16BE(4)) {
        packets.push(readPacket(bytes));
      }
    },
  });
  await waitUntil(label, () => dump.log().includes('listening on'), { interval: 5 });
  return {
    packets,
    first: (what, test = () => true) => waitUntil(what, () => packets.find(test), { timeout: 3000, interval: 5 }),
    stop: () => dump.stop(),
  };
}
