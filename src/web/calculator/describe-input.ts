import { describeAddress, type EmbeddedText } from '../../core/describe-address.ts';
import { formatIpv6, ipv6FromBigInt, ipv6Words, type Ipv6Address } from '../../core/ipv6.ts';
import { prefixOf, subnetCount } from '../../core/prefix.ts';
import { succeed, type Result } from '../../core/result.ts';
import { parseZonedAddress } from '../../core/zoned-address.ts';

/** Everything that can be said of an address or prefix, as rows of a table. */
export interface DescribedInput {
  readonly address: Ipv6Address;
  /** In bits; undefined where none was given. */
  readonly length: number | undefined;
  readonly canonical: string;
  readonly rows: readonly Fact[];
}

export interface Fact {
  readonly name: string;
  readonly text: string;
  /** A program might want it: shown in fixed width. */
  readonly exact?: true;
}

export function describeInput(text: string): Result<DescribedInput> {
  const described = describeAddress(text);
  if (!described.ok) return described;
  const { canonical, name, range, rfc, reachable, multicastScope, zone, prefix, embedded } = described.value;
  const zoned = parseZonedAddress(text.split('/')[0]!);
  if (!zoned.ok) return zoned;
  const { address } = zoned.value;
  const length = prefix === undefined ? undefined : Number(prefix.slice(prefix.lastIndexOf('/') + 1));
  const exact = (label: string, value: string): Fact => ({ name: label, text: value, exact: true });
  const internet = reachable === null ? 'that depends on the address' : reachable ? 'yes' : 'no';
  return succeed({
    address,
    length,
    canonical,
    rows: [
      exact('Canonical (RFC 5952)', canonical),
      exact('Written out', ipv6Words(address).map((word) => word.toString(16).padStart(4, '0')).join(':')), // prettier-ignore
      {
        name: 'What it is',
        text: `${name}${multicastScope === undefined ? '' : `, ${multicastScope}`} (${rfc}, ${range})`,
      },
      { name: 'Crosses the Internet', text: internet },
      ...(zone === undefined ? [] : [exact('Zone', zone)]),
      ...embedded.map((each): Fact => ({ name: 'Embedded', text: phrase(each) })),
      ...(length === undefined ? [] : ofPrefix(address, length)),
      exact('Name for reverse DNS', reverseName(address, length ?? 128)),
    ],
  });
}

function ofPrefix(address: Ipv6Address, length: number): Fact[] {
  const { address: first } = prefixOf(address, length);
  const last = ipv6FromBigInt(first | ((1n << BigInt(128 - length)) - 1n));
  const count = subnetCount({ address: first, length }, 64);
  return [
    ...(first === address
      ? []
      : [{ name: 'Its prefix', text: `${formatIpv6(first)}/${length}`, exact: true as const }]),
    { name: 'From', text: formatIpv6(first), exact: true },
    { name: 'To', text: formatIpv6(last), exact: true },
    ...(length <= 64
      ? [{ name: 'Holds', text: count === 1n ? 'one /64' : `${formatCount(count)} subnets of /64` }]
      : []),
  ];
}

function formatCount(count: bigint): string {
  return count.toString().replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}

function phrase(embedded: EmbeddedText): string {
  switch (embedded.kind) {
    case 'eui64':
      return `MAC address ${embedded.mac} (modified EUI-64)`;
    case 'teredo':
      return `Teredo client ${embedded.client} port ${embedded.port}, server ${embedded.server}`;
    case 'isatap':
      return `IPv4 address ${embedded.ipv4} (ISATAP)`;
    default:
      return `IPv4 address ${embedded.ipv4} (${embedded.kind})`;
  }
}

/** RFC 3596 section 2.5; of a prefix, as many digits as it has whole. */
function reverseName(address: Ipv6Address, length: number): string {
  const digits = Array.from(address.toString(16).padStart(32, '0')).slice(0, Math.floor(length / 4));
  return [...digits.reverse(), 'ip6.arpa'].join('.');
}
