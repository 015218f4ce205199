import type { KernelState } from '../engine/kernel-state.ts';
import type { Step } from '../engine/step.ts';

/** The kernel's state after a step, of what has no detours: deleted flows are in no state. */
export function carryOutStep(now: KernelState, step: Step): KernelState {
  switch (step.do) {
    case 'add-route':
      return { ...now, routes: [...now.routes, step.prefix].sort() };
    case 'remove-route':
      return { ...now, routes: now.routes.filter((each) => each !== step.prefix) };
    case 'add-rule':
      return { ...now, rules: [...(now.rules ?? []), step.rule].sort() };
    case 'remove-rule':
      return { ...now, rules: (now.rules ?? []).filter((each) => each !== step.rule) };
    case 'install-table':
      return { ...now, tables: [...now.tables.filter(({ key }) => key !== step.table.key), step.table] };
    case 'remove-table':
      return { ...now, tables: now.tables.filter(({ key }) => key !== step.table) };
    case 'change-elements':
      return {
        ...now,
        tables: now.tables.map((each) => {
          if (each.key !== step.table) return each;
          const elements = new Map(each.elements);
          for (const { set, remove, add, refill } of step.changes) {
            const kept = refill ?? (elements.get(set) ?? []).filter((element) => !remove.includes(element));
            elements.set(set, [...kept, ...add].sort());
          }
          return { ...each, elements };
        }),
      };
    default:
      return now;
  }
}
