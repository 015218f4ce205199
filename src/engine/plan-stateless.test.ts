import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planStateless } from './plan-stateless.ts';
import type { StatelessState, WantedProgram } from './stateless.ts';
import type { Step } from './step.ts';

const content = {
  direction: 'outbound',
  outward: [],
  inward: [],
  networks: [],
  own: [],
  headers: { uplink: 14, detour: 14 },
} as const;
const program = (device: string, hook: 'ingress' | 'egress', name: string): WantedProgram => ({
  device,
  hook,
  name,
  uplink: 'dsl',
  content,
});
const detour = (index = 7, ready = true, uplink = 'eth0') => ({ name: 'six-eth0', index, uplink, ready });
const wanted = {
  detours: [detour()],
  programs: [program('eth0', 'ingress', 'a'), program('six-eth0', 'egress', 'b'), program('eth0', 'egress', 'c')],
};
const nothing = { detours: [], programs: [] };

const brief = ({ before, after }: { before: Step[]; after: Step[] }): string[] =>
  [...before, ...after].map((step) => {
    expect(step.because).not.toBe('');
    if (step.do === 'load-program')
      return `${step.replaces ? 'replace' : 'load'} ${step.program.device} ${step.program.hook}`;
    if (step.do === 'remove-program') return `remove ${step.program.device} ${step.program.hook}`;
    return step.do === 'make-detour' ? `${step.do}${step.isThere ? ' up' : ''}` : step.do;
  });

test('in sync: nothing', () => {
  expect(brief(planStateless(wanted, wanted))).toEqual([]);
  expect(brief(planStateless(undefined, undefined))).toEqual([]);
});

test('one that others have renamed has the index: it goes first', () => {
  const renamed = { ...detour(), name: 'strange0' };
  expect(brief(planStateless({ ...nothing, detours: [renamed] }, wanted)).slice(0, 2)).toEqual([
    'remove-detour',
    'make-detour',
  ]);
});

test('from nothing: the detour before the programs, inbound first', () => {
  expect(brief(planStateless(nothing, wanted))).toEqual([
    'make-detour',
    'load eth0 ingress',
    'load six-eth0 egress',
    'load eth0 egress',
  ]);
});

test('a detour that is down is put up; one that is not ours to keep is made anew, with what is on it', () => {
  expect(brief(planStateless({ ...wanted, detours: [detour(7, false)] }, wanted))).toEqual(['make-detour up']);
  for (const other of [detour(8), detour(7, true, 'eth5')]) {
    expect(brief(planStateless({ ...wanted, detours: [other] }, wanted))).toEqual([
      'remove-detour',
      'make-detour',
      'load six-eth0 egress',
    ]);
  }
});

test('a program that knows something else is replaced; one that is gone is loaded', () => {
  const present = { ...wanted, programs: [program('eth0', 'ingress', 'old'), program('six-eth0', 'egress', 'b')] };
  expect(brief(planStateless(present, wanted))).toEqual(['replace eth0 ingress', 'load eth0 egress']);
});

test('what is no longer wanted goes afterwards; the program on a detour goes with it', () => {
  const { before, after } = planStateless(wanted, nothing);
  expect(before).toEqual([]);
  expect(brief({ before, after })).toEqual(['remove eth0 ingress', 'remove eth0 egress', 'remove-detour']);
});

test('from anywhere to anywhere: carried out, nothing is left to do', () => {
  const device = fc.constantFrom('eth0', 'six-eth0', 'ppp0', 'six-ppp0');
  const programs = fc.uniqueArray(
    fc.record({ device, hook: fc.constantFrom('ingress', 'egress'), name: fc.constantFrom('a', 'b') }),
    { selector: (each) => `${each.device} ${each.hook}` },
  );
  const detours = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('six-eth0', 'six-ppp0'),
      index: fc.constantFrom(7, 8),
      uplink: fc.constantFrom('eth0', 'ppp0'),
      ready: fc.boolean(),
    }),
    { comparator: (one, other) => one.name === other.name || one.index === other.index },
  );
  // A program is on a detour only where that is.
  const state = fc.record({ detours, programs }).map((each): StatelessState => {
    const isThere = (name: string): boolean =>
      !name.startsWith('six-') || each.detours.some((one) => one.name === name);
    return { ...each, programs: each.programs.filter((one) => isThere(one.device)) };
  });
  fc.assert(
    fc.property(state, state, (from, to) => {
      const target = {
        detours: to.detours.map((each) => ({ ...each, ready: true })),
        programs: to.programs.map((each) => ({ ...each, uplink: 'x', content })),
      };
      const { before, after } = planStateless(from, target);
      const end = carryOut(from, [...before, ...after]);
      const left = planStateless(end, target);
      expect([...left.before, ...left.after]).toEqual([]);
    }),
  );
});

function carryOut(state: StatelessState, steps: readonly Step[]): StatelessState {
  return steps.reduce<StatelessState>(({ detours, programs }, step) => {
    const at = (one: { device: string; hook: string }) => (each: { device: string; hook: string }) =>
      each.device !== one.device || each.hook !== one.hook;
    switch (step.do) {
      case 'make-detour':
        return { detours: [...detours.filter(({ name }) => name !== step.detour.name), step.detour], programs };
      case 'remove-detour':
        return {
          detours: detours.filter(({ name }) => name !== step.name),
          programs: programs.filter((each) => each.device !== step.name),
        };
      case 'load-program':
        expect(step.replaces).toBe(!programs.every(at(step.program)));
        return { detours, programs: [...programs.filter(at(step.program)), step.program] };
      case 'remove-program':
        return { detours, programs: programs.filter(at(step.program)) };
      default:
        return { detours, programs };
    }
  }, state);
}
