import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KernelState, WantedState } from '../../src/engine/kernel-state.ts';
import { allCalls, callCommand, missingCalls } from '../../src/backend/ip6tables/calls.ts';
import { wantedCalls } from '../../src/core/ip6tables-calls.ts';
import { compileWantedChains } from '../../src/backend/ip6tables/wanted-chains.ts';
import { nothingWanted } from '../../src/backend/nft/wanted-tables.ts';
import { applySteps } from '../../src/daemon/apply-steps.ts';
import { clearOtherBackend } from '../../src/daemon/clear-other-backend.ts';
import { observeChains } from '../../src/daemon/observe-chains.ts';
import { reconcile } from '../../src/daemon/reconcile.ts';
import { restoreOnce } from '../../src/daemon/restore-once.ts';
import type { Config } from '../../src/engine/config.ts';
import type { Delegation } from '../../src/engine/delegation.ts';
import type { Desired } from '../../src/engine/desired.ts';
import { homeConfig, prefix } from '../../src/testing/healthy-host.ts';
import { plan } from '../../src/engine/plan.ts';
import type { Step } from '../../src/engine/step.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { desiredHome } from './desired-home.ts';
import { makeNamespace, type Namespace } from './namespace.ts';

// Real ip6tables, of both kinds.

const inside = prefix('fd12:3456:789a::/58');
const config: Config = { ...homeConfig, backend: 'ip6tables' };
const desired = (...outside: string[]): Desired => desiredHome(config, 'dsl', inside, outside);
const wants = (...outside: string[]): WantedState => compileWantedChains(desired(...outside), allCalls);
const [a, b, c] = ['2001:db8:a:aa80::/58', '2001:db8:b:bb80::/58', '2001:db8:c:cc80::/58'];
const delegation: Delegation = {
  uplink: 'dsl',
  iaid: 1,
  prefix: prefix(a),
  preferredUntil: Infinity,
  validUntil: Infinity,
  since: 0,
};

/** As an admin has it, also in the chains that ours are called from. */
const foreign = `*mangle
:mine - [0:0]
-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
-A mine -j MARK --set-xmark 0x1/0xffffffff
COMMIT
*nat
-A POSTROUTING -s fd00:8::/64 -o guest0 -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -p tcp -m tcp --dport 25 -m comment --comment "no 'mail'" -j REJECT
COMMIT
`;

describe.each(['nft', 'legacy'] as const)('iptables-%s', (kind) => {
  let namespace: Namespace;
  beforeAll(() => void (namespace = makeNamespace({ ip6tables: kind })));
  afterAll(() => namespace.remove());

  const host = () => ({ ...systemHost, processes: namespace.processes });
  const restore = (text: string, ...options: string[]) =>
    void namespace.exec([`ip6tables-${kind}-restore`, ...options], text);
  const save = (): string => namespace.exec([`ip6tables-${kind}-save`]).replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '');
  const ip6tables = (...words: string[]): string => namespace.exec([`ip6tables-${kind}`, ...words]);

  async function observe(): Promise<KernelState> {
    const { state } = await observeChains(namespace.processes);
    if (!state.known) throw new Error(state.why);
    return state.value;
  }
  async function apply(steps: readonly Step[]) {
    const { chains } = await observeChains(namespace.processes);
    return applySteps(host(), steps, { chains: chains && { saved: chains } });
  }
  async function reach(wanted: WantedState): Promise<string[]> {
    const { steps } = plan({ known: true, value: await observe() }, wanted, [inside]);
    expect(await apply(steps)).toMatchObject({ ok: true, value: { leftovers: [] } });
    expect(plan({ known: true, value: await observe() }, wanted, [inside]).steps).toEqual([]);
    return steps.map((step) => step.do);
  }

  beforeEach(() => {
    restore('*mangle\nCOMMIT\n*nat\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n');
    restore(foreign, '--noflush');
    namespace.exec(['ip', '-6', 'route', 'flush', 'proto', '66']);
  });

  test('after a plan was carried out the next one is empty, and the rules of others are as they were', async () => {
    const before = save();
    expect(await reach(wants())).toEqual([
      'add-route',
      'install-table',
      'install-table',
      'install-table',
      'delete-flows',
    ]);
    expect(await reach(wants(a))).toContain('change-elements');
    expect(await reach(wants(b))).toContain('delete-flows');
    expect(await reach(wants(c, b))).not.toContain('delete-flows');
    expect(save().match(/--to 2001:\S+/g)).toEqual([`--to ${c}`]);
    expect(save().match(/-d 2001:\S+ -j NETMAP/g)).toHaveLength(2);
    expect(await reach(wants(c))).toContain('delete-flows');
    await reach(wants());
    await reach(nothingWanted);
    expect(save()).toBe(before);
  });

  test.each([
    ['a chain was emptied', '-t nat -F SIXGATE-POST'],
    ['a rule was put in front', '-t mangle -I SIXGATE-POST -j ACCEPT'],
    ['a rule is gone', '-t mangle -D SIXGATE-PRE 1'],
    ['a mapping is gone', '-t nat -F SIXGATE-OUT-dsl'],
    ['a mapping stands twice', `-t nat -A SIXGATE-OUT-dsl -s fd12:3456:789a::/58 -j NETMAP --to ${a}`],
    ['a mapping of somebody else was added', '-t nat -A SIXGATE-INTO-dsl -d 2001:db8:5::/48 -j NETMAP --to fd12::/48'],
    ['the whole table was flushed', '-t mangle -F'],
    ['a chain of ours has a stranger', '-t filter -N SIXGATE-ASK-old'],
  ])('it is put right when %s', async (_what, command) => {
    await reach(wants(a));
    const ours = (): string[] => save().match(/.*SIXGATE.*/g) ?? [];
    const before = ours();
    ip6tables(...command.split(' '));
    expect(ours()).not.toEqual(before);
    expect((await reach(wants(a))).length).toBeGreaterThan(0);
    expect(ours()).toEqual(before);
  });

  test('the calls that others make stay, also when ours is taken away', async () => {
    await reach(wants(a));
    for (const call of wantedCalls) ip6tables(...callCommand(call).split(' ').slice(1));
    const calls = save().match(/^-A [A-Z]+ -j SIXGATE-.*$/gm);
    expect(calls).toHaveLength(wantedCalls.length);
    await reach(wants(b));
    await reach(nothingWanted);
    expect(save().match(/^-A [A-Z]+ -j SIXGATE-.*$/gm)).toEqual(calls);
    expect(save()).not.toMatch(/^-A SIXGATE/m);
    expect(await reach(wants(a))).toContain('install-table');
  });

  test('which calls are missing is known, also where they come from a chain of the admin', async () => {
    await reach(wants(a));
    const missing = async () => {
      const { chains } = await observeChains(namespace.processes);
      return missingCalls(chains!.calls, wants(a).tables).map(callCommand);
    };
    expect(await missing()).toEqual(wantedCalls.map(callCommand));
    for (const call of await missing()) namespace.exec([`ip6tables-${kind}`, ...call.split(' ').slice(1)]);
    expect(await missing()).toEqual([]);
    ip6tables('-t', 'nat', '-D', 'POSTROUTING', '-j', 'SIXGATE-POST');
    ip6tables('-t', 'nat', '-A', 'POSTROUTING', '-o', 'eth0', '-j', 'SIXGATE-POST'); // a condition is no call
    expect(await missing()).toEqual(['ip6tables -t nat -I POSTROUTING -j SIXGATE-POST']);
    ip6tables('-t', 'nat', '-N', 'own');
    ip6tables('-t', 'nat', '-A', 'POSTROUTING', '-m', 'comment', '--comment', 'mine -j', '-j', 'own');
    ip6tables('-t', 'nat', '-A', 'own', '-j', 'SIXGATE-POST');
    expect(await missing()).toEqual([]);
  });

  test('where the chain that translates is not called, the guard lets nothing new out', async () => {
    const pass = await reconcile(host(), { config, delegations: [delegation] });
    expect(pass.failure).toBeUndefined();
    expect(pass.awaited).toHaveLength(wantedCalls.length);
    expect(save()).not.toContain(`-j NETMAP --to ${a}`);
    expect(ip6tables('-t', 'mangle', '-S', 'SIXGATE-MAPPED-dsl').trim().split('\n')).toHaveLength(2);
    for (const call of wantedCalls) ip6tables(...callCommand(call).split(' ').slice(1));
    const after = await reconcile(host(), { config, delegations: [delegation] });
    expect(after.awaited).toEqual([]);
    expect(after.plan.steps.map((step) => step.do)).toContain('delete-flows');
    expect(save()).toContain(`-j NETMAP --to ${a}`);
    expect(ip6tables('-t', 'mangle', '-S', 'SIXGATE-MAPPED-dsl')).toContain('-s fd12:3456:789a::/58 -j RETURN');
  });

  test('a restore that fails halfway leaves everything as it was, routes too', async () => {
    await reach(wants(a));
    for (const call of wantedCalls) ip6tables(...callCommand(call).split(' ').slice(1));
    const before = save();
    const { routes } = await observe();
    const { tables } = wants(b);
    const steps = tables.map((table): Step => ({ do: 'install-table', table, replaces: true, because: '' }));
    // The guard's table goes first, the last one fails.
    const broken = steps.map((step) =>
      step.do === 'install-table' && step.table.key === 'ip6tables filter'
        ? { ...step, table: { ...step.table, definition: `${step.table.definition}\n-A SIXGATE-FWD -j NOSUCH` } }
        : step,
    );
    const result = await apply([...broken, { do: 'add-route', prefix: b, because: '' }]);
    expect(result).toMatchObject({ ok: false, problem: { code: 'apply-failed' } });
    expect(save()).toBe(before);
    expect((await observe()).routes).toEqual(routes);
  });

  test('a first restore that fails leaves nothing behind', async () => {
    const before = save();
    const [guard, , filter] = wants(b).tables;
    const definition = `${filter!.definition}\n-A SIXGATE-FWD -j NOSUCH`;
    const steps = [guard!, { ...filter!, definition }].map((table): Step => ({
      do: 'install-table',
      table,
      replaces: false,
      because: '',
    }));
    expect(await apply(steps)).toMatchObject({ ok: false, problem: { code: 'apply-failed' } });
    expect(save()).toBe(before);
  });

  test('restoring makes the calls as well, ahead of others, and once', async () => {
    await restoreOnce(host(), { config, delegations: [delegation] }, {});
    const once = save();
    for (const { from, chain } of wantedCalls) expect(once).toContain(`-A ${from} -j ${chain}\n`);
    expect(once.indexOf('-A POSTROUTING -j SIXGATE-POST')).toBeLessThan(once.indexOf('MASQUERADE'));
    expect((await restoreOnce(host(), { config, delegations: [delegation] }, {})).plan.steps).toEqual([]);
    expect(save()).toBe(once);
    restore('*mangle\nCOMMIT\n*nat\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n');
    restore(foreign, '--noflush');
    await restoreOnce(host(), { config, delegations: [delegation] }, {});
    expect(save()).toBe(once);
  });

  test('the rules of the other backend go once those of this one stand', async () => {
    const log = {
      info() {},
      warn(line: string) {
        throw new Error(line);
      },
      error() {},
    };
    const foreigners = save();
    await reconcile(host(), { config: homeConfig, delegations: [delegation] });
    expect(namespace.exec(['nft', 'list', 'tables'])).toContain('table ip6 sixgate');
    await reconcile(host(), { config, delegations: [delegation] });
    await clearOtherBackend(host(), 'ip6tables', log);
    expect(namespace.exec(['nft', 'list', 'tables'])).not.toContain('sixgate');
    expect(save()).toContain('SIXGATE-INTO-dsl');
    await reconcile(host(), { config: homeConfig, delegations: [delegation] });
    await clearOtherBackend(host(), 'nftables', log);
    expect(save()).toBe(foreigners);
    namespace.exec(['nft', 'delete', 'table', 'ip6', 'sixgate']);
    namespace.exec(['nft', 'delete', 'table', 'inet', 'sixgate_guard']);
  });
});

describe('what cannot be read is unknown, and held', () => {
  test('a table that ip6tables cannot show', async () => {
    const namespace = makeNamespace({ ip6tables: 'nft' });
    try {
      namespace.exec(['ip6tables-nft', '-t', 'nat', '-N', 'x']);
      namespace.exec(['nft', 'add', 'rule', 'ip6', 'nat', 'x', 'fib', 'daddr', 'type', 'local', 'accept']);
      const host = { ...systemHost, processes: namespace.processes };
      const pass = await reconcile(host, { config, delegations: [delegation] });
      expect(pass.plan).toMatchObject({ held: true, steps: [] });
      expect(pass.failure?.code).toBe('kernel-unreadable');
      expect(namespace.exec(['nft', 'list', 'ruleset'])).not.toContain('SIXGATE');
    } finally {
      namespace.remove();
    }
  });

  test('a host of nftables alone is never asked for tables of iptables-legacy', async () => {
    const namespace = makeNamespace({ ip6tables: 'legacy' });
    try {
      const before = namespace.exec(['sh', '-c', 'cat /proc/net/ip6_tables_names || true']);
      await observeChains(namespace.processes);
      expect(namespace.exec(['sh', '-c', 'cat /proc/net/ip6_tables_names || true'])).toBe(before);
      expect(before).toBe('');
    } finally {
      namespace.remove();
    }
  });
});
