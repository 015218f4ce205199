import type { Ipv6Address } from '../../core/ipv6.ts';
import { parsePrefix, prefixOf, type Prefix } from '../../core/prefix.ts';
import type { Field, Value } from '../firewall/firewall.ts';
import type { Packet } from '../firewall/judge-packet.ts';

/** Kinds of packets that a router like this one depends on. */

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new RangeError(read.problem.message);
  return read.value;
};
/** The 54 bits behind fe80::/10 are zero (RFC 4291 section 2.5.6). */
const linkLocal = { prefix: prefix('fe80::/64') };
const internet = { prefix: prefix('2000::/3') };
const text = (value: string): Value => ({ text: value });
const number = (value: number): Value => ({ first: value, last: value });

type Fields = Partial<Record<Field, Value>>;
const ipv6: Fields = { family: text('ipv6') };

/** What the provider's DHCPv6 server answers. Conntrack takes it for new, since the question went to a group. */
export function dhcpv6Reply(uplink: string): Packet {
  return {
    hooks: ['prerouting', 'input'],
    fields: {
      ...ipv6,
      iifname: text(uplink),
      protocol: text('udp'),
      source: linkLocal,
      destination: linkLocal,
      'source port': number(547),
      'destination port': number(546),
      'ct state': text('new'),
      'ct status': text('none'),
    },
  };
}

/** ICMPv6 that a node must hear on a link (RFC 4890 section 4.4.1). Conntrack does not track it. */
export function neighbourDiscovery(link: string, type: number): Packet {
  return {
    hooks: ['prerouting', 'input'],
    fields: {
      ...ipv6,
      iifname: text(link),
      protocol: text('icmpv6'),
      source: linkLocal,
      'icmpv6 type': number(type),
      'ct state': text('untracked'),
    },
  };
}

/** An error that belongs to a flow from inside (RFC 4890 section 4.3.1). */
export function icmpv6Error(uplink: string, lan: string, inside: Prefix, type: number): Packet {
  return {
    hooks: ['forward'],
    fields: {
      ...ipv6,
      iifname: text(uplink),
      oifname: text(lan),
      protocol: text('icmpv6'),
      destination: { prefix: inside },
      'icmpv6 type': number(type),
      'ct state': text('related'),
    },
  };
}

/** An error that this router itself sends to a LAN; a packet that is too big for the uplink makes one. */
export function ownIcmpv6Error(lan: string, inside: Prefix, type: number): Packet {
  return {
    hooks: ['output', 'postrouting'],
    fields: {
      ...ipv6,
      oifname: text(lan),
      protocol: text('icmpv6'),
      destination: { prefix: inside },
      'icmpv6 type': number(type),
      'ct state': text('related'),
    },
  };
}

/** The first packet of a web page that an inside host asks for. */
export function newOutbound(lan: string, uplink: string, inside: Prefix): Packet {
  return {
    hooks: ['forward'],
    fields: {
      ...ipv6,
      iifname: text(lan),
      oifname: text(uplink),
      protocol: text('tcp'),
      source: { prefix: inside },
      destination: internet,
      'source port': { first: 32_768, last: 60_999 },
      'destination port': number(443),
      'ct state': text('new'),
      'ct status': text('none'),
    },
  };
}

/** The answer to it, after its destination was translated back. */
export function outboundReply(uplink: string, lan: string, inside: Prefix): Packet {
  return {
    hooks: ['forward'],
    fields: {
      ...ipv6,
      iifname: text(uplink),
      oifname: text(lan),
      protocol: text('tcp'),
      source: internet,
      destination: { prefix: inside },
      'source port': number(443),
      'destination port': { first: 32_768, last: 60_999 },
      'ct state': text('established'),
    },
  };
}

/**
 * Later packets of flows through this router that can be offloaded, at every hook that they pass: both ways, but what comes in by an
 * interface that is not known goes through the rules.
 */
export function establishedFlow(lan: string | undefined, uplink: string, inside: Prefix): Packet[] {
  return ['tcp', 'udp'].flatMap((protocol) => {
    const any: Fields = { ...ipv6, protocol: text(protocol), 'ct state': text('established') };
    const out: Fields = { ...any, destination: internet };
    const back: Fields = { ...any, source: internet };
    const toLan: Fields = { destination: { prefix: inside }, ...(lan !== undefined && { oifname: text(lan) }) };
    const answers: Packet[] = [
      // Its destination is the outside address or the inside one, as the translation is behind a chain or before it.
      { hooks: ['prerouting'], fields: { ...back, iifname: text(uplink) } },
      { hooks: ['forward'], fields: { ...back, iifname: text(uplink), ...toLan } },
      { hooks: ['postrouting'], fields: { ...back, ...toLan } },
    ];
    if (lan === undefined) return answers;
    const fromLan: Fields = { iifname: text(lan), source: { prefix: inside } };
    return [
      { hooks: ['prerouting'], fields: { ...out, ...fromLan } },
      { hooks: ['forward'], fields: { ...out, ...fromLan, oifname: text(uplink) } },
      // The same for its source.
      { hooks: ['postrouting'], fields: { ...out, oifname: text(uplink) } },
      ...answers,
    ];
  });
}

/** The first packet to a host with a pinhole, after its destination was translated to the inside. */
export function newInbound(
  from: string,
  lan: string,
  host: Ipv6Address,
  protocol: 'tcp' | 'udp' | 'icmpv6',
  port?: number,
): Packet {
  return {
    hooks: ['forward'],
    fields: {
      ...ipv6,
      iifname: text(from),
      oifname: text(lan),
      protocol: text(protocol),
      destination: { prefix: prefixOf(host, 128) },
      ...(port === undefined
        ? { 'icmpv6 type': number(128) }
        : { 'source port': { first: 1024, last: 65_535 }, 'destination port': number(port) }),
      'ct state': text('new'),
      'ct status': text('dnat'),
    },
  };
}

/** A connection from one LAN to another. */
export function betweenLans(from: string, to: string): Packet {
  return {
    hooks: ['forward'],
    fields: { ...ipv6, iifname: text(from), oifname: text(to), protocol: text('tcp'), 'ct state': text('new') },
  };
}
