import { parsePrefix } from '../core/prefix.ts';
import type { KernelState, WantedState } from './kernel-state.ts';
import type { Mapping } from './mapping.ts';
import { splitElement } from './plan-elements.ts';

/** The mappings that the kernel really has; `wanted` tells which set is for what. */
export function mappingsInForce(state: KernelState, wanted: WantedState): Mapping[] {
  const elements = (decides: 'outbound' | 'inbound'): { uplink: string; pair: [string, string] }[] =>
    wanted.tables.flatMap((table) =>
      [...table.sets].flatMap(([set, purpose]) => {
        if (purpose.decides !== decides) return [];
        const present = state.tables.find(({ key }) => key === table.key)?.elements.get(set) ?? [];
        return present.map((element) => ({ uplink: purpose.uplink, pair: splitElement(element) }));
      }),
    );
  const outbound = elements('outbound');
  return elements('inbound').flatMap(({ uplink, pair: [outsideText, insideText] }) => {
    const inside = parsePrefix(insideText);
    const outside = parsePrefix(outsideText);
    if (!inside.ok || !outside.ok) return [];
    const both = outbound.some(
      ({ uplink: other, pair }) => other === uplink && pair[0] === insideText && pair[1] === outsideText,
    );
    return [
      {
        uplink,
        network: '',
        inside: inside.value,
        outside: outside.value,
        direction: both ? 'both' : 'inbound',
      } as const,
    ];
  });
}
