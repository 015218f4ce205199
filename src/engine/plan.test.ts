import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import { carryOutStep } from '../testing/model-kernel.ts';
import type { KernelState, SetPurpose, WantedState, WantedTable } from './kernel-state.ts';
import { plan } from './plan.ts';
import { selectLeftBehind } from './plan-flows.ts';
import type { Step } from './step.ts';

const read = (text: string): Prefix => {
  const prefix = parsePrefix(text);
  if (!prefix.ok) throw new Error(prefix.problem.message);
  return prefix.value;
};
const inside = 'fd12:3456:789a::/58';
const networks = [read(inside)];
const [a, b, c] = ['2001:db8:a:aa80::/58', '2001:db8:b:bb80::/58', '2001:db8:c:cc80::/58'] as const;

const purposes = new Map<string, SetPurpose>([
  ['out', { decides: 'outbound', uplink: 'dsl', mode: 'stateful' }],
  ['in', { decides: 'inbound', uplink: 'dsl', mode: 'stateful' }],
  ['list', { decides: 'guard', about: 'the list' }],
]);

/** `current` is what new flows leave with, `old` what is still served inbound. */
function table(current?: string, old: readonly string[] = []): WantedTable {
  const served = [...(current ? [current] : []), ...old];
  return {
    key: 'ip6 sixgate',
    purpose: 'it translates',
    definition: 'the definition',
    structure: ['chain a', 'rule a: one'],
    elements: new Map([
      ['out', current ? [`${inside} : ${current}`] : []],
      ['in', served.map((outside) => `${outside} : ${inside}`).sort()],
      ['list', [inside]],
    ]),
    sets: purposes,
  };
}
const wanted = (current?: string, old: readonly string[] = []): WantedState => ({
  tables: [table(current, old)],
  routes: [inside],
});
const steps = (from: KernelState, to: WantedState): readonly Step[] =>
  plan({ known: true, value: from }, to, networks).steps;
const flowSteps = (from: KernelState, to: WantedState) =>
  steps(from, to).flatMap((step) => (step.do === 'delete-flows' ? [step.flows.which] : []));

test('what could not be read is held, not deleted', () => {
  expect(plan({ known: false, why: 'nft hung' }, wanted(a), networks)).toEqual({
    held: true,
    why: 'nft hung',
    steps: [],
  });
});

test('in sync: nothing', () => {
  expect(steps(wanted(a, [b]), wanted(a, [b]))).toEqual([]);
});

test('from nothing: the route first, then the table, then the flows that began before', () => {
  expect(steps({ tables: [], routes: [] }, wanted(a)).map((step) => step.do)).toEqual([
    'add-route',
    'install-table',
    'delete-flows',
  ]);
});

test('to nothing: the table, then the route', () => {
  expect(steps(wanted(a), { tables: [], routes: [] }).map((step) => step.do)).toEqual(['remove-table', 'remove-route']);
});

test('a fixed part that differs is replaced whole', () => {
  const other = { ...table(a), structure: ['chain a', 'rule a: one', 'rule a: not ours'] };
  expect(steps({ tables: [other], routes: [inside] }, wanted(a))[0]).toMatchObject({
    do: 'install-table',
    replaces: true,
  });
});

describe('a new prefix', () => {
  test('changes elements in place and says what became what', () => {
    const [step] = steps(wanted(a), wanted(b));
    expect(step).toEqual({
      do: 'change-elements',
      table: 'ip6 sixgate',
      changes: [
        { set: 'out', remove: [`${inside} : ${a}`], add: [`${inside} : ${b}`] },
        { set: 'in', remove: [`${a} : ${inside}`], add: [`${b} : ${inside}`] },
      ],
      because: `dsl now has ${b} for ${inside} instead of ${a}; ${a} is no longer valid on dsl`,
    });
  });
  test('flows of the old one are deleted at once when it is dead', () => {
    expect(flowSteps(wanted(a), wanted(b))).toEqual(['translated-from', 'towards']);
  });
  test('flows of the old one live on while it is valid', () => {
    expect(flowSteps(wanted(a), wanted(b, [a]))).toEqual([]);
  });
  test('they are deleted exactly, and no others, when its validity ends', () => {
    expect(flowSteps(wanted(b, [a]), wanted(b))).toEqual(['towards', 'stale']);
  });
  test('one more change while an older one is still valid: only the flows of the dead one', () => {
    const found = steps(wanted(b, [a]), wanted(c, [a])).flatMap((step) =>
      step.do === 'delete-flows' ? [step.flows] : [],
    );
    expect(found).toMatchObject([
      { which: 'towards', outside: b },
      { which: 'stale', inForce: [read(a), read(c)] },
    ]);
  });
  test('the first one moves flows that began without', () => {
    expect(flowSteps(wanted(), wanted(a))).toEqual(['stale']);
  });
  test('none any longer: its flows end', () => {
    expect(flowSteps(wanted(a), wanted())).toEqual(['translated-from', 'towards']);
  });
});

describe('several uplinks', () => {
  const marks = [
    { uplink: 'dsl', interface: 'eth0', mark: 1 },
    { uplink: 'lte', interface: 'eth3', mark: 2 },
  ];
  const steered = (current: string, gone: readonly string[], rules: readonly string[]): WantedState => {
    const one = table(current);
    const purpose = { decides: 'given-up', about: 'who is given up', marks, mask: 15 } as const;
    return {
      tables: [
        {
          ...one,
          structure: [...one.structure, 'set given_up'],
          elements: new Map([...one.elements, ['given_up', gone.map((name) => `"${name}"`)]]),
          sets: new Map<string, SetPurpose>([...one.sets, ['given_up', purpose]]),
        },
      ],
      routes: [inside],
      rules,
      reasons: new Map([['to lte', 'dsl is down']]),
    };
  };
  const flowsOf = (from: KernelState, to: WantedState) =>
    steps(from, to).flatMap((step) => (step.do === 'delete-flows' ? [step.flows] : []));
  const lteMarked = { mark: 2, mask: 15 };
  const dslMarked = { mark: 1, mask: 15 };

  test('one is given up: the new rule first, the old one last, and the flows of that one only', () => {
    expect(steps(steered(a, [], ['to dsl']), steered(a, ['eth0'], ['to lte']))).toEqual([
      { do: 'add-rule', rule: 'to lte', because: 'dsl is down' },
      expect.objectContaining({ do: 'change-elements', because: 'dsl is given up' }),
      expect.objectContaining({ do: 'remove-rule', rule: 'to dsl' }),
      expect.objectContaining({
        do: 'delete-flows',
        flows: { which: 'on-uplink', uplink: 'dsl', marked: dslMarked },
      }),
    ]);
  });
  test('back again: no flow', () => {
    const todo = steps(steered(a, ['eth0'], ['to lte']), steered(a, [], ['to dsl']));
    expect(todo.map((step) => step.do)).toEqual(['add-rule', 'change-elements', 'remove-rule']);
    expect(todo[1]!.because).toBe('dsl is to be counted on again');
  });
  test('a table that is made anew while one is given up', () => {
    const found = flowsOf({ tables: [], routes: [inside] }, steered(a, ['eth3'], []));
    expect(found).toContainEqual({ which: 'on-uplink', uplink: 'lte', marked: lteMarked });
  });
  test('what a killed daemon can have left behind is on uplinks that are given up, and on no other', () => {
    const left = (gone: readonly string[]) => selectLeftBehind(steered(a, gone, []), [read(inside)]);
    expect(left(['eth3'])).toMatchObject({ which: 'stale', givenUp: [{ uplink: 'lte', marked: lteMarked }] });
    expect(left([])).toMatchObject({ which: 'stale', givenUp: [] });
  });
  test('a dead prefix takes only flows of its own uplink with it', () => {
    expect(flowsOf(steered(a, [], []), steered(b, [], []))).toEqual([
      { which: 'translated-from', inside, marked: dslMarked },
      { which: 'towards', outside: a },
    ]);
  });
});

test('from any state to any other: every step has a reason, and carried out they lead there', () => {
  const prefixes = fc.subarray([a, b, c]);
  const state = fc
    .tuple(fc.option(fc.constantFrom(a, b, c), { nil: undefined }), prefixes, fc.boolean(), fc.boolean())
    .map(([current, old, present, route]): KernelState => {
      const rest = old.filter((each) => each !== current);
      return {
        tables: present ? [table(current, rest)] : [],
        routes: route ? [inside] : [],
        ...(route && { rules: ['old', 'kept'] }),
      };
    });
  const target = fc
    .tuple(fc.option(fc.constantFrom(a, b, c), { nil: undefined }), prefixes, fc.boolean())
    .map(([current, old, ruled]) => ({
      ...wanted(
        current,
        old.filter((each) => each !== current),
      ),
      ...(ruled && { rules: ['kept', 'new'] }),
    }));
  fc.assert(
    fc.property(state, target, (from, to) => {
      const todo = steps(from, to);
      for (const step of todo) expect(step.because).not.toBe('');
      expect(steps(todo.reduce(carryOutStep, from), to)).toEqual([]);
    }),
  );
});

describe('ten thousand mappings', () => {
  const many = (block: string, count = 10_000): WantedState => {
    const pairs = Array.from({ length: count }, (_, at): [string, string] => [
      `fd12:3456:789a:${at.toString(16)}::/64`,
      `2001:db8:${block}:${at.toString(16)}::/64`,
    ]);
    const elements = new Map([
      ['out', pairs.map(([from, to]) => `${from} : ${to}`)],
      ['in', pairs.map(([from, to]) => `${to} : ${from}`)],
      ['list', [inside]],
    ]);
    return { tables: [{ ...table(), elements }], routes: [inside] };
  };

  test('all of them change: filled anew, a few deletions of flows, in a time that grows with their number', () => {
    const start = performance.now();
    const all = steps(many('1'), many('2'));
    expect(performance.now() - start).toBeLessThan(3000); // comparing each with each takes a minute
    const [change, ...flows] = all;
    if (change?.do !== 'change-elements') throw new Error('no change');
    expect(change.changes.map(({ refill, add }) => [refill?.length, add.length])).toEqual([
      [0, 10_000],
      [0, 10_000],
    ]);
    expect(change.because.length).toBeLessThan(2000);
    expect(flows.map((step) => step.do === 'delete-flows' && step.flows)).toEqual([
      { which: 'translated-from', inside: 'fd12:3456:789a::/50' },
      { which: 'towards', outside: '2001:db8:1::/50' },
    ]);
  });

  test('of many a few go one by one', () => {
    const [change] = steps(many('1', 200), many('1', 160));
    if (change?.do !== 'change-elements') throw new Error('no change');
    expect(change.changes.map(({ refill, remove }) => [refill, remove.length])).toEqual([
      [undefined, 40],
      [undefined, 40],
    ]);
  });

  test('what stays is filled in again, and its flows are left alone', () => {
    const [change, ...flows] = steps(many('1', 100), many('1', 50));
    if (change?.do !== 'change-elements') throw new Error('no change');
    expect(change.changes.map(({ refill, remove }) => [refill?.length, remove.length])).toEqual([
      [50, 50],
      [50, 50],
    ]);
    const deleted = flows.flatMap((step) =>
      step.do === 'delete-flows' && 'inside' in step.flows ? [step.flows.inside] : [],
    );
    expect(deleted).toEqual([
      'fd12:3456:789a:32::/63',
      'fd12:3456:789a:34::/62',
      'fd12:3456:789a:38::/61',
      'fd12:3456:789a:40::/58',
    ]);
  });
});
