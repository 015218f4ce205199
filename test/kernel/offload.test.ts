import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFirewall } from '../../src/daemon/doctor/read-firewall.ts';
import { observe } from '../../src/daemon/observe.ts';
import { planPass, reconcile, type Situation } from '../../src/daemon/reconcile.ts';
import type { Config } from '../../src/engine/config.ts';
import { offloadRules } from '../../src/engine/doctor/offload-rules.ts';
import type { Host } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { healthyHost, prefix } from '../../src/testing/healthy-host.ts';
import { makeNamespace, type Namespace } from './namespace.ts';

// Asked of whatever kernel this is, with flowtables or without; what offload is on one that has them, test/offload says.

let namespace: Namespace;
let host: Host;
let runtimeDir: string;
beforeEach(() => {
  namespace = makeNamespace();
  host = { ...systemHost, processes: namespace.processes };
  runtimeDir = mkdtempSync(join(tmpdir(), 'sixgate-offload-'));
  namespace.exec(['ip', 'link', 'add', 'wan0', 'type', 'veth', 'peer', 'name', 'other']);
});
afterEach(() => {
  namespace.remove();
  rmSync(runtimeDir, { recursive: true });
});

const fiber = { name: 'fiber', interface: 'wan0', source: { from: 'dhcpcd' } } as const;
const lan = { name: 'lan', id: 0, prefix: prefix('fd12:3456:789a::/64'), interface: 'lan0' };
const home = { name: 'home', prefix: prefix('fd12:3456:789a::/58'), subnets: [lan] };
const config: Config = {
  uplinks: [fiber],
  networks: [home],
  translations: [
    { network: home, uplink: fiber, mode: 'stateful', hairpin: true, inbound: 'deny', offload: true, pinholes: [] },
  ],
};
const situation: Situation = {
  config,
  delegations: [
    {
      uplink: 'fiber',
      iaid: 1,
      prefix: prefix('2001:db8:a::/58'),
      preferredUntil: Infinity,
      validUntil: Infinity,
      since: 0,
    },
  ],
};
const table = (): string => namespace.exec(['nft', 'list', 'table', 'ip6', 'sixgate']);
const mapped = 'fd12:3456:789a::/58 : 2001:db8:a::/58';

test('neither an interface that is missing nor a kernel without flowtables is a failure', async () => {
  const pass = await reconcile(host, situation, { runtimeDir });
  expect(pass.failure).toBeUndefined();
  const { flowtables } = pass.observation;
  expect(table()).toContain(mapped);
  expect(/flowtable fast \{[^}]*devices = \{ wan0 \}/.test(table())).toBe(flowtables?.taken);
  expect(pass.desired.problems.map(({ code }) => code)).toEqual(flowtables?.taken ? [] : ['offload-missing']);
  expect((await planPass(host, situation)).plan.steps).toEqual([]);
});

test('what the kernel refuses of it is left out, and translation is in force all the same', async () => {
  const seen = await observe(host.processes, config);
  // An interface that is gone by now.
  const before = { ...seen.links[0]!, name: 'lan0', index: 99 };
  const pass = await reconcile(host, situation, {
    runtimeDir,
    seen: { ...seen, flowtables: { taken: true }, links: [...seen.links, before] },
  });
  expect(pass.failure).toMatchObject({ code: 'apply-failed' });
  expect(pass.applied).toBeDefined();
  expect(table()).toContain(mapped);
  // By then it is known that it is gone, and why.
  expect((await reconcile(host, situation, { runtimeDir })).failure).toBeUndefined();
  expect((await planPass(host, situation)).plan.steps).toEqual([]);
});

test('doctor finds the rules of others that would have to see every packet, of nft and of ip6tables', async () => {
  const asked = async () => {
    const findings = offloadRules.judge({ ...healthyHost, firewall: await readFirewall(host) }, config);
    return findings.map(({ result, found }) => `${result}: ${found}`);
  };
  const fine = ['ok: no rule of others has to see every packet of a flow'];
  const nft = (...words: string[]) => namespace.exec(['nft', ...words]);
  nft('add table inet mine');
  nft('add chain inet mine forward { type filter hook forward priority 0; policy drop; }');
  nft('add rule inet mine forward ct state invalid counter drop');
  nft('add rule inet mine forward ct state established,related accept');
  nft('add rule inet mine forward ct state new limit rate 10/second counter accept');
  nft('add rule inet mine forward counter log');
  namespace.exec(['ip6tables', '-A', 'FORWARD', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT']);
  namespace.exec(['ip6tables', '-A', 'FORWARD', '-m', 'limit', '--limit', '3/min', '-j', 'LOG']);
  expect(await asked()).toEqual(fine);

  nft('insert rule inet mine forward iifname lan0 limit rate over 10 mbytes/second drop');
  namespace.exec(['ip6tables', '-t', 'mangle', '-A', 'POSTROUTING', '-o', 'wan0', '-j', 'MARK', '--set-mark', '7']);
  const told = 'only the first packets of offloaded flows come to';
  expect(await asked()).toEqual([
    `warning: ${told} inet mine, chain forward (limit); ip6tables mangle, chain POSTROUTING (mark)`,
  ]);
  nft('delete table inet mine');
  namespace.exec(['ip6tables', '-t', 'mangle', '-F']);
  expect(await asked()).toEqual(fine);
});
