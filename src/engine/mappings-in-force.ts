import { parsePrefix } from '../core/prefix.ts';
import type { KernelState, WantedState } from './kernel-state.ts';
import type { Mapping } from './mapping.ts';
import { splitElement } from './plan-elements.ts';

/**
 * The mappings that the kernel really has; `wanted` tells which set is for what. A stateless one counts where every program of its
 * uplink is the wanted one.
 */
export function mappingsInForce(state: KernelState, wanted: WantedState): Mapping[] {
  const elements = (decides: 'outbound' | 'inbound'): { uplink: string; pair: [string, string] }[] =>
    wanted.tables.flatMap((table) =>
      [...table.sets].flatMap(([set, purpose]) => {
        if (purpose.decides !== decides) return [];
        if (purpose.mode === 'rfc6296' && !isTranslated(purpose.uplink, state, wanted)) return [];
        const present = state.tables.find(({ key }) => key === table.key)?.elements.get(set) ?? [];
        return present.map((element) => ({ uplink: purpose.uplink, pair: splitElement(element) }));
      }),
    );
  const outbound = new Set(
    elements('outbound').map(({ uplink, pair: [inside, outside] }) => `${uplink} ${inside} ${outside}`),
  );
  return elements('inbound').flatMap(({ uplink, pair: [outsideText, insideText] }) => {
    const inside = parsePrefix(insideText);
    const outside = parsePrefix(outsideText);
    if (!inside.ok || !outside.ok) return [];
    const both = outbound.has(`${uplink} ${insideText} ${outsideText}`);
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

function isTranslated(uplink: string, { stateless }: KernelState, wanted: WantedState): boolean {
  const programs = wanted.stateless?.programs.filter((program) => program.uplink === uplink) ?? [];
  return (
    programs.length > 0 &&
    programs.every(({ device, hook, name }) =>
      stateless?.programs.some((other) => other.device === device && other.hook === hook && other.name === name),
    )
  );
}
