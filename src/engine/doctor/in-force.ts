import { ok, problem, unknown, type Check } from './finding.ts';

export const inForce: Check = {
  id: 'in-force',
  group: 'sixgate',
  needsConfig: true,
  judge({ steps }) {
    if (!steps.known) return [unknown('in-force', 'what is in force', steps.why)];
    const [first, ...more] = steps.value;
    if (!first) return [ok('in-force', 'guard, routes and mapping are in force as they should be')];
    const others = more.length > 0 ? ` (and ${more.length} more)` : '';
    return [problem('in-force', `the kernel is not as it should be: ${first.because}${others}`, 'sixgate apply')];
  },
};
