import { equalPrefixes, type Prefix } from '../core/prefix.ts';
import { rememberOnce } from '../core/remember-once.ts';

/** An inside prefix and the outside prefix that stands for it on one uplink; both have the same length. */
export interface Mapping {
  readonly uplink: string;
  readonly network: string;
  /** The one subnet that it is for, where the delegation does not hold the whole network. */
  readonly subnet?: string;
  readonly inside: Prefix;
  readonly outside: Prefix;
  /**
   * `both`: new flows leave with the outside prefix, and it is served inbound. `inbound`: an older prefix that is
   * still valid and only served inbound.
   */
  readonly direction: 'both' | 'inbound';
}

type MappingsByUplink = ReadonlyMap<string, readonly Mapping[]>;

/** What a list was joined of. */
const parts = new WeakMap<readonly Mapping[], MappingsByUplink>();

/** All in one list, uplink by uplink. */
export function joinMappings(byUplink: MappingsByUplink): readonly Mapping[] {
  const joined = ([] as Mapping[]).concat(...byUplink.values());
  parts.set(joined, byUplink);
  return joined;
}

/**
 * Those of the uplink of this name. Of a list that was joined it is the very list that was joined, so that with thousands of mappings who
 * remembers what follows from it need not go through it again.
 */
export function mappingsOn(mappings: readonly Mapping[], uplink: string): readonly Mapping[] {
  return byUplinkIn(mappings).get(uplink) ?? [];
}

function byUplinkIn(mappings: readonly Mapping[]): MappingsByUplink {
  return parts.get(mappings) ?? groupByUplink(mappings);
}

const groupByUplink = rememberOnce((mappings: readonly Mapping[]): MappingsByUplink => {
  const groups = new Map<string, Mapping[]>();
  for (const mapping of mappings) {
    const group = groups.get(mapping.uplink);
    if (group) group.push(mapping);
    else groups.set(mapping.uplink, [mapping]);
  }
  return groups;
});

/** Whether addresses stay as they are: the inside prefix is the uplink's own. */
export function isNative({ inside, outside }: Pick<Mapping, 'inside' | 'outside'>): boolean {
  return equalPrefixes(inside, outside);
}

/** Those of them whose addresses stay as they are. */
export function nativeOf(mappings: readonly Mapping[]): readonly Mapping[] {
  return [...byUplinkIn(mappings).values()].flatMap(nativeOfOne);
}

const nativeOfOne = rememberOnce((mappings: readonly Mapping[]): readonly Mapping[] => mappings.filter(isNative));
