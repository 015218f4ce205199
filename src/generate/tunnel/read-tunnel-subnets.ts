import { quote } from '../../core/quote.ts';
import { ipv6FromBigInt, type Ipv6Address } from '../../core/ipv6.ts';
import { contains, formatPrefix, subnetAt, subnetCount, type Prefix } from '../../core/prefix.ts';
import type { IntentFields } from '../intent/intent-fields.ts';
import { parsePlainName } from '../intent/plain-name.ts';
import type { TunnelLan } from './tunnel.ts';

/** The most subnets that are listed as spare. */
const mostSpare = 256;

/**
 * Divides the site's prefix: `subnet` gives /64s to interfaces ("1=eth1", or `{id, interface}`), `subnets` keeps the first so
 * many. Where the prefix has room, subnet 0 is the one with the tunnel's own address.
 */
export function readTunnelSubnets(
  fields: IntentFields,
  prefix: Prefix | undefined,
  address: Ipv6Address | undefined,
  tunnel: string | undefined,
): { lans: TunnelLan[]; spare: Prefix[] } {
  const wanted = fields.items('subnet').map((item) => readItem(fields, item));
  const count = fields.integer('subnets', { min: 0, max: mostSpare }) ?? 0;
  const nothing = { lans: [], spare: [] };
  if (wanted.length === 0 && count === 0) return nothing;
  const refuse = (key: string, message: string): void => fields.refuse(key, { code: 'tunnel-subnet', message });
  if (prefix === undefined || address === undefined) {
    if (!fields.has('routed') && fields.problems.length === 0) {
      fields.refuse(wanted.length > 0 ? 'subnet' : 'subnets', {
        code: 'tunnel-subnet',
        message: 'there is no prefix to divide',
        mend: 'Give the prefix that the broker routes to you (--routed).',
      });
    }
    return nothing;
  }
  const available = subnetCount(prefix, 64);
  const first = contains(prefix, address) && available > 1n ? 1n : 0n;
  const lans: TunnelLan[] = [];
  for (const item of wanted) {
    if (item === undefined) continue;
    const subnet = subnetAt(prefix, item.id);
    if (subnet === undefined || item.id < first) {
      const last = available - 1n;
      const range = first === last ? `only ${first} fits` : `${first} to ${last} fit`;
      refuse('subnet', `subnet ${item.id} is not to be had in ${formatPrefix(prefix)}: ${range}`);
    } else if (item.interface === tunnel) {
      refuse('subnet', `${item.interface} is the tunnel itself`);
    } else if (lans.some((lan) => lan.id === item.id || lan.interface === item.interface)) {
      refuse('subnet', `subnet ${item.id} or interface ${item.interface} stands twice`);
    } else {
      // The tunnel has ::1 where the prefix is a single /64.
      const own = ipv6FromBigInt(subnet.address + (contains(subnet, address) ? 2n : 1n));
      lans.push({ id: item.id, interface: item.interface, prefix: subnet, address: own });
    }
  }
  const spare: Prefix[] = [];
  for (let id = first; id < first + BigInt(count); id++) {
    const subnet = subnetAt(prefix, id);
    if (subnet === undefined) {
      refuse('subnets', `${formatPrefix(prefix)} has room for ${available - first} only`);
      break;
    }
    if (!lans.some((lan) => lan.id === id)) spare.push(subnet);
  }
  return { lans, spare };
}

function readItem(fields: IntentFields, item: unknown): { id: bigint; interface: TunnelLan['interface'] } | undefined {
  const [id, name] = split(item);
  if (id === undefined || name === undefined) {
    fields.refuse('subnet', {
      code: 'tunnel-subnet',
      message: `${quote(typeof item === 'string' ? item : JSON.stringify(item))} is not a number and an interface`,
      mend: 'Write it as in 1=eth1, or 0x1f=eth1.',
    });
    return undefined;
  }
  const parsed = parsePlainName(name);
  if (parsed.ok) return { id, interface: parsed.value };
  fields.refuse('subnet', parsed.problem);
  return undefined;
}

function split(item: unknown): [bigint | undefined, string | undefined] {
  if (typeof item === 'string') {
    const match = /^(0|[1-9][0-9]{0,17}|0x[0-9a-fA-F]{1,15})=(.*)$/s.exec(item);
    return [match ? BigInt(match[1]!) : undefined, match?.[2]];
  }
  const { id, interface: name } = (item ?? {}) as { id?: unknown; interface?: unknown };
  const whole = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0;
  return [whole ? BigInt(id) : undefined, typeof name === 'string' ? name : undefined];
}
