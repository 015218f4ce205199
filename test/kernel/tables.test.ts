import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KernelState, WantedState } from '../../src/engine/kernel-state.ts';
import { compileScript } from '../../src/backend/nft/compile-script.ts';
import { compileWanted, nothingWanted } from '../../src/backend/nft/wanted-tables.ts';
import type { Config } from '../../src/engine/config.ts';
import type { Desired } from '../../src/engine/desired.ts';
import { plan } from '../../src/engine/plan.ts';
import { applySteps } from '../../src/daemon/apply-steps.ts';
import { observeKernel } from '../../src/daemon/observe-kernel.ts';
import type { Processes } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { desiredHome } from './desired-home.ts';
import { makeNamespace, type Namespace } from './namespace.ts';
import { address, prefix } from '../../src/testing/healthy-host.ts';

// Real nft, ip and conntrack.

let namespace: Namespace;
beforeAll(() => void (namespace = makeNamespace()));
afterAll(() => namespace.remove());

const inside = prefix('fd12:3456:789a::/58');
const uplink = { name: 'dsl-1', interface: 'eth0', source: { from: 'dhcpcd' } } as const;
const network = { name: 'home', prefix: inside, subnets: [] };
const divided = { ...network, subnets: [{ name: 'lan', id: 0, prefix: prefix('fd12:3456:789a::/64') }] };
const config: Config = {
  uplinks: [uplink],
  networks: [network],
  translations: [
    {
      network,
      uplink,
      mode: 'stateful',
      hairpin: true,
      inbound: 'deny',
      pinholes: [
        {
          to: address('fd12:3456:789a:1::10'),
          tcp: [
            { first: 443, last: 443 },
            { first: 8000, last: 8100 },
          ],
          udp: [{ first: 53, last: 53 }],
          icmp: true,
        },
      ],
    },
  ],
};
const desired = (...outside: string[]): Desired => desiredHome(config, 'dsl-1', inside, outside);

async function observe(): Promise<KernelState> {
  const { state } = await observeKernel(namespace.processes);
  if (!state.known) throw new Error(state.why);
  return state.value;
}

async function reach(wanted: WantedState): Promise<string[]> {
  const steps = plan({ known: true, value: await observe() }, wanted, [inside]).steps;
  const applied = await applySteps({ ...systemHost, processes: namespace.processes }, steps);
  expect(applied).toMatchObject({ ok: true, value: { leftovers: [] } });
  expect(plan({ known: true, value: await observe() }, wanted, [inside]).steps).toEqual([]);
  return steps.map((step) => step.do);
}

const nft = (text: string): void => void namespace.exec(['nft', '-f', '-'], text);
const ruleset = (): string => namespace.exec(['nft', 'list', 'ruleset']);

beforeEach(() => {
  nft('flush ruleset\ntable inet foreign { chain c { type filter hook forward priority 0; tcp dport 22 accept; }; }');
  namespace.exec(['ip', '-6', 'route', 'flush', 'proto', '66']);
});

describe('after a plan was carried out, the next plan is empty', () => {
  test('with no prefix, one, another, two, none, and taken away', async () => {
    const foreign = ruleset();
    expect(await reach(compileWanted(desired()))).toEqual([
      'add-route',
      'install-table',
      'install-table',
      'delete-flows',
    ]);
    expect(await reach(compileWanted(desired('2001:db8:a:aa80::/58')))).toContain('change-elements');
    expect(await reach(compileWanted(desired('2001:db8:b:bb80::/58')))).toContain('delete-flows');
    expect(await reach(compileWanted(desired('2001:db8:c:cc80::/58', '2001:db8:b:bb80::/58')))).not.toContain(
      'delete-flows',
    );
    expect(await reach(compileWanted(desired('2001:db8:c:cc80::/58')))).toContain('delete-flows');
    expect(await reach(compileWanted(desired()))).toContain('remove-route');
    await reach(nothingWanted);
    expect(ruleset()).toBe(foreign);
  });

  test.each([
    ['its rules were flushed', 'flush chain ip6 sixgate postrouting'],
    ['a rule was put in front', 'insert rule ip6 sixgate forward accept'],
    ['a set was added', 'add set ip6 sixgate mine { type ipv6_addr; }'],
    ['the guard is gone', 'delete table inet sixgate_guard'],
    ['an element is gone', 'flush map ip6 sixgate out_dsl.1'],
    ['a pinhole was added', 'add element ip6 sixgate tcp_dsl.1 { fd12:3456:789a::1 . 22 }'],
    ['everything was flushed', 'flush ruleset'],
  ])('when %s', async (_what, change) => {
    const wanted = compileWanted(desired('2001:db8:a:aa80::/58'));
    await reach(wanted);
    const before = ruleset();
    nft(change);
    expect(ruleset()).not.toBe(before);
    expect((await reach(wanted)).length).toBeGreaterThan(0);
  });
});

test('many mappings change at once: in seconds, and what stays is there', async () => {
  const of: Config = {
    ...config,
    networks: [divided],
    translations: [{ ...config.translations[0]!, network: divided }],
  };
  const many = (count: number, block: string): Desired => ({
    ...desired(),
    config: of,
    mappings: Array.from({ length: count }, (_, at) => ({
      uplink: 'dsl-1',
      network: 'home',
      inside: prefix(`fd12:3456:789a:${at.toString(16)}::/64`),
      outside: prefix(`2001:db8:${at < 10 ? 'f' : block}:${at.toString(16)}::/64`),
      direction: 'both',
    })),
  });
  await reach(compileWanted(many(2000, 'a')));
  const start = performance.now();
  await reach(compileWanted(many(2000, 'b')));
  expect(performance.now() - start).toBeLessThan(8000); // one by one, of intervals, nft 1.0.6 needs 13 s and more
  expect(ruleset()).toContain('2001:db8:f:3::/64');
  expect(ruleset()).not.toContain('2001:db8:a:');
}, 60_000);

test.each([
  ['one more than is compared one by one', 9],
  ['a few, of all lengths', 4],
])('networks: %s', async (_what, count) => {
  const networks = Array.from({ length: count }, (_, at) => ({
    name: `n${at}`,
    prefix:
      count === 9
        ? prefix(`fd${10 + at}::/48`)
        : prefix(['fc00::/7', '2001::/20', '2001:db8::/29', '2001:db8:9::/48'][at]!),
    subnets: [],
  }));
  const several = { ...desired(), config: { ...config, networks } };
  await reach(compileWanted(several));
  const listed = namespace.exec(['nft', 'list', 'table', 'inet', 'sixgate_guard']);
  expect(listed.includes('@networks')).toBe(count === 9);
});

test('a transaction that fails leaves everything as it was, routes too', async () => {
  await reach(compileWanted(desired('2001:db8:a:aa80::/58')));
  const before = ruleset();
  const routes = (await observe()).routes;
  const steps = plan({ known: true, value: await observe() }, compileWanted(desired('2001:db8:b:bb80::/58')), [
    inside,
  ]).steps;
  const broken = steps.map((step) => (step.do === 'change-elements' ? { ...step, table: 'ip6 nosuch' } : step));
  const applied = await applySteps({ ...systemHost, processes: namespace.processes }, broken);
  expect(applied).toMatchObject({ ok: false, problem: { code: 'apply-failed' } });
  expect(ruleset()).toBe(before);
  expect((await observe()).routes).toEqual(routes);
});

test('a route that fails takes the elements back that were changed beside it', async () => {
  await reach(compileWanted(desired('2001:db8:a:aa80::/58')));
  const before = ruleset();
  const { routes } = await observe();
  const wanted = compileWanted(desired('2001:db8:b:bb80::/58'));
  const { steps } = plan({ known: true, value: await observe() }, wanted, [inside]);
  const broken = [...steps, { do: 'add-route', prefix: 'nonsense', because: 'to fail' } as const];
  expect(await applySteps({ ...systemHost, processes: namespace.processes }, broken)).toMatchObject({
    ok: false,
    problem: { code: 'apply-failed' },
  });
  expect(ruleset()).toBe(before);
  expect((await observe()).routes).toEqual(routes);
});

test.each([true, false])(
  'a transaction whose tool is killed is taken back, also where it was done: %s',
  async (isDone) => {
    await reach(compileWanted(desired('2001:db8:a:aa80::/58')));
    const before = ruleset();
    const { routes } = await observe();
    const wanted = compileWanted(desired('2001:db8:b:bb80::/58'));
    const { steps } = plan({ known: true, value: await observe() }, wanted, [inside]);
    let isFirst = true;
    const run: Processes['run'] = async (command) => {
      if (command.argv[0] !== 'nft' || !isFirst) return namespace.processes.run(command);
      isFirst = false;
      if (isDone) expect(await namespace.processes.run(command)).toMatchObject({ ok: true, value: { code: 0 } });
      return { ok: false, problem: { code: 'tool-killed', message: 'nft was ended by SIGINT' } };
    };
    expect(await applySteps({ ...systemHost, processes: { ...namespace.processes, run } }, steps)).toMatchObject({
      ok: false,
      problem: { code: 'tool-killed' },
    });
    expect(ruleset()).toBe(before);
    expect((await observe()).routes).toEqual(routes);
  },
);

test('every script is taken by nft as it is', () => {
  const steps = plan(
    { known: true, value: { tables: [], routes: [] } },
    compileWanted(desired('2001:db8:a:aa80::/58')),
    [inside],
  ).steps;
  expect(() => namespace.exec(['nft', '-c', '-f', '-'], compileScript([...steps]))).not.toThrow();
});
