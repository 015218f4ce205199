import type { Step } from './step.ts';

/**
 * The steps of a router that stands by: mappings go and no flow is deleted. They go on at the other one, and where both keep
 * their flows equal (conntrackd) a deletion here would be one there.
 */
export function standBySteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    if (step.do === 'delete-flows') return [];
    if (step.do !== 'change-elements' || step.changes.some(({ add }) => add.length > 0)) return [step];
    return [{ ...step, because: 'this router stands by: the other one translates' }];
  });
}
