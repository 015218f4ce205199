import { expect, test } from 'vitest';
import { standBySteps } from './stand-by-steps.ts';
import type { Step } from './step.ts';

const removal: Step = {
  do: 'change-elements',
  table: 'ip6 sixgate',
  changes: [{ set: 'out', remove: ['x : y'], add: [] }],
  because: 'x is no longer valid on dsl',
};
const route: Step = { do: 'add-route', prefix: 'fd12::/48', because: 'it has to be there' };

test('mappings go, their flows stay as they are, everything else is done', () => {
  const flows: Step = { do: 'delete-flows', flows: { which: 'towards', outside: 'y' }, because: 'y is dead' };
  expect(standBySteps([route, removal, flows])).toEqual([
    route,
    { ...removal, because: 'this router stands by: the other one translates' },
  ]);
});

test('what is added, as to the guard, keeps its reason', () => {
  const added: Step = { ...removal, changes: [{ set: 'guarded', remove: [], add: ['z'] }] };
  expect(standBySteps([added])).toEqual([added]);
});
