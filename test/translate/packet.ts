import { formatIpv6, ipv6FromWords, parseIpv6 } from '../../src/core/ipv6.ts';

/** Next-header numbers (IANA). */
export const header = { hopByHop: 0, tcp: 6, udp: 17, fragment: 44, icmp: 58, options: 60, sctp: 132, udpLite: 136 };

export interface PacketParts {
  readonly source: string;
  readonly destination: string;
  readonly next: number;
  readonly payload: Uint8Array;
  readonly hopLimit?: number;
}

/** An IPv6 packet as its bytes (RFC 8200 section 3). */
export function buildPacket({ source, destination, next, payload, hopLimit = 64 }: PacketParts): Buffer {
  const head = Buffer.alloc(40);
  head.writeUInt32BE(0x6000_0000);
  head.writeUInt16BE(payload.length, 4);
  head[6] = next;
  head[7] = hopLimit;
  addressBytes(source).copy(head, 8);
  addressBytes(destination).copy(head, 24);
  return Buffer.concat([head, payload]);
}

export interface Ends {
  readonly source: string;
  readonly destination: string;
}

/** A datagram of UDP, or of UDP-Lite with all of it covered; `spoil` makes its checksum a wrong one. */
export function buildDatagram(
  ends: Ends,
  {
    from,
    to,
    size = 16,
    lite = false,
    spoil = false,
  }: { from: number; to: number; size?: number; lite?: boolean; spoil?: boolean },
): Buffer {
  const next = lite ? header.udpLite : header.udp;
  const datagram = Buffer.alloc(8 + size, 'd');
  datagram.writeUInt16BE(from, 0);
  datagram.writeUInt16BE(to, 2);
  datagram.writeUInt16BE(lite ? 0 : datagram.length, 4);
  datagram.writeUInt16BE(0, 6);
  datagram.writeUInt16BE(checksum(ends, next, datagram) ^ (spoil ? 0x5555 : 0), 6);
  return datagram;
}

/** A TCP segment without options. */
export function buildSegment(
  ends: Ends,
  {
    from,
    to,
    flags,
    sequence = 1,
    acknowledged = 0,
  }: { from: number; to: number; flags: number; sequence?: number; acknowledged?: number },
): Buffer {
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(from, 0);
  segment.writeUInt16BE(to, 2);
  segment.writeUInt32BE(sequence, 4);
  segment.writeUInt32BE(acknowledged, 8);
  segment[12] = 0x50;
  segment[13] = flags;
  segment.writeUInt16BE(1000, 14);
  segment.writeUInt16BE(checksum(ends, header.tcp, segment), 16);
  return segment;
}

/** An SCTP INIT (RFC 9260 sections 3.3.2 and 6.8); `spoil` makes its CRC32c a wrong one. */
export function buildSctp({ from, to, spoil = false }: { from: number; to: number; spoil?: boolean }): Buffer {
  const packet = Buffer.alloc(12 + 20);
  packet.writeUInt16BE(from, 0);
  packet.writeUInt16BE(to, 2);
  packet[12] = 1;
  packet.writeUInt16BE(20, 14);
  packet.writeUInt32BE(1, 16);
  packet.writeUInt32BE(1500, 20);
  packet.writeUInt16BE(1, 24);
  packet.writeUInt16BE(1, 26);
  packet.writeUInt32LE((crc32c(packet) ^ (spoil ? 0x5555 : 0)) >>> 0, 8);
  return packet;
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return ~crc;
}

/** The fragments of one payload, 8-byte aligned (RFC 8200 section 4.5), in order. */
export function fragment(parts: PacketParts, size: number, identification: number): Buffer[] {
  const fragments: Buffer[] = [];
  for (let offset = 0; offset < parts.payload.length; offset += size) {
    const more = offset + size < parts.payload.length ? 1 : 0;
    const head = Buffer.alloc(8);
    head[0] = parts.next;
    head.writeUInt16BE(offset | more, 2);
    head.writeUInt32BE(identification, 4);
    const payload = Buffer.concat([head, parts.payload.subarray(offset, offset + size)]);
    fragments.push(buildPacket({ ...parts, next: header.fragment, payload }));
  }
  return fragments;
}

/** Puts an 8-byte header of padding before the payload: hop-by-hop or destination options. */
export function withOptions(parts: PacketParts, kind: number): PacketParts {
  return {
    ...parts,
    next: kind,
    payload: Buffer.concat([Buffer.from([parts.next, 0, 1, 4, 0, 0, 0, 0]), parts.payload]),
  };
}

export interface ReadPacket extends Ends {
  readonly next: number;
  readonly hopLimit: number;
  readonly payload: Buffer;
}

export function readPacket(bytes: Buffer): ReadPacket {
  return {
    source: formatBytes(bytes.subarray(8, 24)),
    destination: formatBytes(bytes.subarray(24, 40)),
    next: bytes[6]!,
    hopLimit: bytes[7]!,
    payload: bytes.subarray(40, 40 + bytes.readUInt16BE(4)),
  };
}

/** The packet that an ICMPv6 error quotes (RFC 4443 section 3). */
export function readQuote(error: ReadPacket): ReadPacket {
  return readPacket(error.payload.subarray(8));
}

/** True where the checksum in the payload is right for these addresses. */
export function checksumHolds(packet: ReadPacket): boolean {
  return (
    checksum(packet, packet.next, packet.payload) === 0xffff || sum(packet, packet.next, packet.payload) === 0xffff
  );
}

/** RFC 8200 section 8.1, never 0. */
export function checksum(ends: Ends, next: number, payload: Uint8Array): number {
  return ~sum(ends, next, payload) & 0xffff || 0xffff;
}

function sum(ends: Ends, next: number, payload: Uint8Array): number {
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(payload.length);
  pseudo[7] = next;
  const all = Buffer.concat([
    addressBytes(ends.source),
    addressBytes(ends.destination),
    pseudo,
    payload,
    Buffer.alloc(1),
  ]);
  let total = 0;
  for (let at = 0; at + 1 < all.length; at += 2) total += all.readUInt16BE(at);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

function addressBytes(text: string): Buffer {
  const address = parseIpv6(text);
  if (!address.ok) throw new Error(address.problem.message);
  return Buffer.from(address.value.toString(16).padStart(32, '0'), 'hex');
}

function formatBytes(bytes: Buffer): string {
  return formatIpv6(ipv6FromWords(Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2))));
}
