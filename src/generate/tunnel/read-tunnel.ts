import type { Ipv4Address } from '../../core/ipv4.ts';
import type { Ipv6Address } from '../../core/ipv6.ts';
import type { Prefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { readIntentFields, type IntentFields, type NameKey } from '../intent/intent-fields.ts';
import { parsePlainName } from '../intent/plain-name.ts';
import { neverTunnelled } from './martian-prefixes.ts';
import { readSixInFour } from './read-sixinfour.ts';
import { readSixRd } from './read-sixrd.ts';
import { readSixToFour } from './read-sixtofour.ts';
import { readTunnelSubnets } from './read-tunnel-subnets.ts';
import { advertisers, filterTools, type SixRd, type Tunnel, type TunnelKind } from './tunnel.ts';

/** Keys of every kind; the kinds add theirs. */
const commonKeys = ['kind', 'name', 'mtu', 'ttl', 'subnet', 'subnets', 'advertise', 'filter'];

export const tunnelKeys: Record<TunnelKind, readonly string[]> = {
  '6to4': [...commonKeys, 'ipv4', 'local', 'relay', 'keepalive'],
  '6rd': [...commonKeys, 'ipv4', 'prefix', 'ipv4MaskLength', 'relay'],
  '6in4': [...commonKeys, 'local', 'remote', 'address', 'routed', 'gateway', 'ipv4', 'behindNat', 'keepalive'],
};

/** What a kind finds out from its own keys. */
export interface TunnelEnds {
  readonly local: Ipv4Address;
  readonly remote?: Ipv4Address;
  readonly behindNat: boolean;
  readonly publicIpv4?: Ipv4Address;
  readonly address: Ipv6Address;
  readonly onLinkLength: number;
  readonly prefix?: Prefix;
  readonly sixRd?: SixRd;
  readonly relay?: Ipv4Address;
  readonly gateway?: Ipv6Address;
  /** Embedded IPv4 martians. */
  readonly martians: readonly Prefix[];
  readonly example: boolean;
}

const readEnds: Record<TunnelKind, (fields: IntentFields) => TunnelEnds | undefined> = {
  '6to4': readSixToFour,
  '6rd': readSixRd,
  '6in4': readSixInFour,
};

/** From the JSON of an intent to a checked tunnel; or all that is wrong with it. */
export function readTunnel(kind: TunnelKind, intent: unknown, name: NameKey): Result<Tunnel, readonly Problem[]> {
  const fields = readIntentFields(intent, tunnelKeys[kind], name);
  const given = fields.choice('kind', ['6to4', '6rd', '6in4']);
  if (given !== undefined && given !== kind) {
    fields.refuse('kind', { code: 'intent-value', message: `the intent is for ${given}, not ${kind}` });
  }
  const ends = readEnds[kind](fields);
  const interfaceName = fields.has('name') ? fields.required('name', parsePlainName) : parsed(`tun${kind}`);
  const mtu = fields.integer('mtu', { min: 1280, max: 65_515 }) ?? 1280;
  const ttl = fields.integer('ttl', { min: 1, max: 255 }) ?? 64;
  const advertise = fields.choice('advertise', advertisers) ?? 'radvd';
  const filter = fields.choice('filter', filterTools) ?? 'nftables';
  const keepalive = readKeepalive(fields, kind, ends);
  const subnets = readTunnelSubnets(fields, ends?.prefix, ends?.address, interfaceName);
  if (ends === undefined || interfaceName === undefined || fields.problems.length > 0) return fail(fields.problems);
  const { martians, prefix } = ends;
  const filled = subnets.lans.some((lan) => lan.prefix.length === prefix?.length);
  return succeed({
    kind,
    name: interfaceName,
    ...ends,
    mtu,
    ttl,
    ...subnets,
    advertise: subnets.lans.length > 0 ? advertise : 'none',
    filter,
    unreachable: prefix === undefined || filled ? martians : [...martians, prefix],
    bogus: [...martians, ...neverTunnelled],
    ...(keepalive !== undefined && { keepalive }),
  });
}

function parsed(text: string): Tunnel['name'] {
  const name = parsePlainName(text);
  if (!name.ok) throw new RangeError(name.problem.message);
  return name.value;
}

/** Conntrack forgets protocol 41 after nf_conntrack_generic_timeout, 600 s by default. */
function readKeepalive(fields: IntentFields, kind: TunnelKind, ends: TunnelEnds | undefined): number | undefined {
  if (!tunnelKeys[kind].includes('keepalive') || !fields.has('keepalive')) return undefined;
  if (kind === '6to4') {
    fields.refuse('keepalive', {
      code: 'intent-value',
      message:
        'of 6to4 any site may send first, and a gateway that only masquerades lets in none that was not sent to before',
      mend: 'Have the gateway forward protocol 41 (sixgate generate nat-gateway), or take 6in4.',
    });
    return undefined;
  }
  const seconds = fields.integer('keepalive', { min: 10, max: 300 });
  if (ends !== undefined && !ends.behindNat) {
    fields.refuse('keepalive', {
      code: 'intent-value',
      message: 'a tunnel that is not behind NAT needs none',
      mend: 'Leave it out.',
    });
  }
  return seconds;
}
