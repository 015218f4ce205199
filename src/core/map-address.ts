import { dropped, type Counterpart } from './counterpart.ts';
import type { Ipv6Address } from './ipv6.ts';
import { contains, type Prefix } from './prefix.ts';
import { derivePrefixPair } from './prefix-pair.ts';
import { succeed, type Result } from './result.ts';
import { deriveTranslator, mapInRfc6296, mapOutRfc6296 } from './rfc6296.ts';
import { mapInStateful, mapOutStateful } from './stateful.ts';

export type MappingMode = 'stateful' | 'rfc6296';

export interface MappingRule {
  readonly inside: Prefix;
  readonly outside: Prefix;
  readonly mode: MappingMode;
}

/** Maps one way or the other, as the address says. */
export interface Mapper {
  /** From inside to outside, or back; undefined for an address that is in neither prefix. */
  direction(address: Ipv6Address): 'out' | 'in' | undefined;
  map(address: Ipv6Address): Counterpart;
}

/** A mapper for many addresses. Problems: `mapping-overlap`, `mapping-prefix`. */
export function deriveMapper(rule: MappingRule): Result<Mapper> {
  const ways = deriveWays(rule);
  if (!ways.ok) return ways;
  const direction = (address: Ipv6Address): 'out' | 'in' | undefined => {
    if (contains(rule.inside, address)) return 'out';
    return contains(rule.outside, address) ? 'in' : undefined;
  };
  const map = (address: Ipv6Address): Counterpart => {
    const way = direction(address);
    return way === undefined ? dropped('address-elsewhere') : ways.value[way](address);
  };
  return succeed({ direction, map });
}

/** The address on the other side, or why there is none. Problems are those of the rule, as in `deriveMapper`. */
export function mapAddress({ address, ...rule }: MappingRule & { readonly address: Ipv6Address }): Result<Counterpart> {
  const mapper = deriveMapper(rule);
  return mapper.ok ? succeed(mapper.value.map(address)) : mapper;
}

type Way = (address: Ipv6Address) => Counterpart;

function deriveWays({ inside, outside, mode }: MappingRule): Result<{ readonly out: Way; readonly in: Way }> {
  if (mode === 'rfc6296') {
    const translator = deriveTranslator(inside, outside);
    if (!translator.ok) return translator;
    return succeed({
      out: (address) => mapOutRfc6296(translator.value, address),
      in: (address) => mapInRfc6296(translator.value, address),
    });
  }
  const pair = derivePrefixPair(inside, outside);
  if (!pair.ok) return pair;
  return succeed({
    out: (address) => mapOutStateful(pair.value, address),
    in: (address) => mapInStateful(pair.value, address),
  });
}
