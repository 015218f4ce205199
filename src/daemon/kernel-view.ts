import type { Observation } from './observe-kernel.ts';

/**
 * What the kernel was seen to hold, for as long as nothing says that it can have changed. Told of a change while a look
 * is under way, it does not believe that look for the next pass.
 */
export interface KernelView {
  /** What was seen and still counts. */
  recall(): Observation | undefined;
  /** Something in the kernel can have changed. */
  forget(): void;
  /** Begins a pass; what it returns ends it, with what was seen and whether nothing had to be done. */
  begin(): (observation: Observation, inSync: boolean) => void;
}

export function createKernelView(): KernelView {
  let seen: Observation | undefined;
  let changes = 0;
  return {
    recall: () => seen,
    forget() {
      changes++;
      seen = undefined;
    },
    begin() {
      const before = changes;
      return (observation, inSync) => {
        seen = inSync && before === changes ? observation : undefined;
      };
    },
  };
}
