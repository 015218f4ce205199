import { dropped, mappedTo, type Counterpart } from './counterpart.ts';
import { ipv6FromBigInt, type Ipv6Address } from './ipv6.ts';
import { contains, formatPrefix, overlap, prefixOf, type Prefix } from './prefix.ts';
import { fail, succeed, type Result } from './result.ts';
import { rangeOfPrefix } from './scope.ts';

/** An inside and an outside prefix that can be mapped onto each other; made by `derivePrefixPair`. */
export interface PrefixPair {
  readonly inside: Prefix;
  readonly outside: Prefix;
  /** That of the longer one, in bits. The shorter one is extended to it with zeros (RFC 6296 sections 3.1, 3.7). */
  readonly length: number;
}

/** Refuses prefixes that overlap, and those that hold anything but unicast addresses that can be forwarded. */
export function derivePrefixPair(inside: Prefix, outside: Prefix): Result<PrefixPair> {
  for (const prefix of [inside, outside]) {
    const { kind, name } = rangeOfPrefix(prefix);
    if (unforwardable.has(kind)) {
      return fail({
        code: 'mapping-prefix',
        message: `${formatPrefix(prefix)} cannot be mapped: it is ${kind === 'unassigned' ? 'not one kind of unicast' : name}`,
        mend: 'Take a prefix of unique local or global unicast addresses.',
      });
    }
  }
  if (overlap(inside, outside)) {
    return fail({
      code: 'mapping-overlap',
      message: `inside ${formatPrefix(inside)} and outside ${formatPrefix(outside)} overlap`,
      mend: 'Take two prefixes of which none is within the other.',
    });
  }
  return succeed({ inside, outside, length: Math.max(inside.length, outside.length) });
}

const unforwardable: ReadonlySet<string> = new Set([
  'unassigned',
  'unspecified',
  'loopback',
  'link-local',
  'multicast',
  'ipv4-mapped',
  'ipv4-compatible',
]);

/** Puts prefix `to` in the place of `from` and keeps all bits behind the longer one of the pair. */
export function swapPrefix(pair: PrefixPair, from: 'inside' | 'outside', address: Ipv6Address): Counterpart {
  const source = pair[from];
  const target = pair[from === 'inside' ? 'outside' : 'inside'];
  if (!contains(source, address)) return dropped('address-elsewhere');
  // Between the end of the shorter prefix and that of the longer one only zeros have a counterpart.
  if (prefixOf(address, pair.length).address !== source.address) return dropped('subnet-unmapped');
  return mappedTo(ipv6FromBigInt(address ^ source.address ^ target.address));
}
