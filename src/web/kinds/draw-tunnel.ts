import { formatIpv4 } from '../../core/ipv4.ts';
import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import { readTunnel } from '../../generate/tunnel/read-tunnel.ts';
import type { Tunnel, TunnelKind } from '../../generate/tunnel/tunnel.ts';
import type { Box, Drawing, Link } from '../drawing/drawing.ts';
import type { Intent } from '../form/intent.ts';

/** How many spare subnets are drawn. */
const mostSpare = 3;

/** From the other end by the gateway to the host and its LANs. */
export function tunnelDrawing(kind: TunnelKind) {
  return (intent: Intent): Drawing => {
    const read = readTunnel(kind, intent, (key) => key);
    return read.ok ? drawTunnel(read.value) : drawUnknown(kind, intent);
  };
}

function drawTunnel(tunnel: Tunnel): Drawing {
  const { kind, behindNat, prefix, lans, spare, publicIpv4 } = tunnel;
  const outside = outsideOf(tunnel);
  const gateway: Box = {
    id: 'gateway',
    role: 'NAT gateway',
    name: publicIpv4 === undefined ? 'changing address' : formatIpv4(publicIpv4),
    lines: [tunnel.keepalive === undefined ? 'forwards protocol 41' : 'only masquerades'],
  };
  const host: Box = {
    id: 'host',
    role: 'this host',
    name: tunnel.name,
    lines: [
      `IPv4  ${formatIpv4(tunnel.local)}`,
      `IPv6  ${formatIpv6(tunnel.address)}/${tunnel.onLinkLength}`,
      ...(prefix === undefined ? [] : [`site  ${formatPrefix(prefix)}`]),
    ],
    look: 'own',
  };
  const lanBoxes = lans.map((lan): Box => ({
    id: `lan${lan.id}`,
    role: `subnet ${lan.id}`,
    name: lan.interface,
    lines: [formatPrefix(lan.prefix)],
  }));
  const spareBoxes = spare
    .slice(0, mostSpare)
    .map((free, index): Box => ({ id: `spare${index}`, role: 'for later', name: '', lines: [formatPrefix(free)], look: 'free' })); // prettier-ignore
  const rest = spare.length - spareBoxes.length;
  if (rest > 0) spareBoxes.push({ id: 'rest', role: 'for later', name: `and ${rest} more`, lines: [], look: 'free' });
  const links: Link[] = [
    { from: outside.id, to: 'host', look: 'tunnel', label: `IPv6 in IPv4, MTU ${tunnel.mtu}` },
    ...(behindNat
      ? [
          { from: outside.id, to: 'gateway' },
          { from: 'gateway', to: 'host' },
        ]
      : []),
    ...lanBoxes.map(({ id }) => ({ from: 'host', to: id })),
  ];
  return {
    caption: captionOf(tunnel),
    layers: [[outside], ...(behindNat ? [[gateway]] : []), [host], [...lanBoxes, ...spareBoxes]],
    links,
  };

  function captionOf({ name }: Tunnel): string {
    const nat = behindNat ? ' behind a NAT gateway' : '';
    const lan = lans.length === 0 ? 'no LAN' : lans.length === 1 ? 'one LAN' : `${lans.length} LANs`;
    return `A ${kind} tunnel ${name} on a host${nat}, with ${lan}.`;
  }
}

function outsideOf({ kind, remote, relay, gateway }: Tunnel): Box {
  if (kind === '6in4') {
    const lines = gateway === undefined ? [] : [`IPv6  ${formatIpv6(gateway)}`];
    return { id: 'peer', role: 'other end', name: remote === undefined ? '' : formatIpv4(remote), lines };
  }
  if (kind === '6rd') {
    return {
      id: 'peer',
      role: 'border relay',
      name: relay === undefined ? '' : formatIpv4(relay),
      lines: ['IPv6 Internet'],
    };
  }
  return {
    id: 'peer',
    role: 'IPv4 Internet',
    name: 'all other 6to4 sites',
    lines: relay === undefined ? ['2002::/16'] : ['2002::/16', `the rest by ${formatIpv4(relay)}`],
  };
}

/** While something is wrong: the texts as they stand. */
function drawUnknown(kind: TunnelKind, intent: Intent): Drawing {
  const text = (key: string): string => (typeof intent[key] === 'string' ? intent[key] : '');
  const behindNat =
    kind !== '6rd' && text('local') !== '' && (kind === '6to4' || intent['behindNat'] === true || text('ipv4') !== '');
  const peer = kind === '6in4' ? text('remote') : kind === '6rd' ? text('relay') : 'all other 6to4 sites';
  return {
    caption: `A ${kind} tunnel; something in the form is still to be mended.`,
    layers: [
      [{ id: 'peer', role: 'other end', name: peer || '?', lines: [] }],
      ...(behindNat ? [[{ id: 'gateway', role: 'NAT gateway', name: text('ipv4') || '?', lines: [] }]] : []),
      [
        {
          id: 'host',
          role: 'this host',
          name: text('name') || `tun${kind}`,
          lines: [`IPv4  ${text('local') || text('ipv4') || '?'}`],
          look: 'own',
        },
      ],
    ],
    links: [
      { from: 'peer', to: 'host', look: 'tunnel', label: 'IPv6 in IPv4' },
      ...(behindNat ? [{ from: 'gateway', to: 'host' }] : []),
    ],
  };
}
