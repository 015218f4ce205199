import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address, prefix } from '../../testing/healthy-host.ts';
import { deriveVifState, filterOnly } from './derive-vif-state.ts';
import { judgeVif } from './judge-vif.ts';
import { matchGuest } from './match-guest.ts';
import { formatObservedRoute, type ObservedGuests } from './observed-guests.ts';
import { planOffline, planOnline, planReturn } from './plan-vif.ts';
import type { GuestInterface, XenConfig } from './xen-config.ts';
import type { Vif } from './vif.ts';
import type { VifState } from './vif-state.ts';
import type { VifStep } from './vif-step.ts';

const vif: Vif = { domid: 7, devid: 0, kind: 'vif', device: 'vif7.0', name: 'web1', mac: 0x00163e000007n };
const nothing: GuestInterface = {
  device: 0,
  prefixes: [],
  addresses: [],
  gateway: address('fe80::1'),
  routed: [],
  proxyNdp: false,
  advertise: false,
  antiSpoof: true,
};
const host = (of: Partial<GuestInterface>, more: Partial<XenConfig> = {}): XenConfig => ({
  policy: 'warn',
  unlisted: 'filter',
  dns: [],
  guests: [{ key: { by: 'name', text: 'web1' }, interfaces: [{ ...nothing, ...of }] }],
  ...more,
});
const derive = (config: XenConfig, of = vif): VifState => {
  const derived = deriveVifState(config, of);
  if (!derived.ok || !derived.value) throw new Error('nothing');
  return derived.value;
};

describe('what an interface should have', () => {
  test('all of it', () => {
    const of = {
      prefixes: [prefix('2001:db8:1::/64'), prefix('2001:db8:2::/80')],
      addresses: [address('2001:db8:ffff::7')],
      gateway: address('2001:db8:1::1'),
      routed: [prefix('2001:db8:10::/48')],
      proxyNdp: true,
      advertise: true,
    };
    const more = { uplink: 'eth0', address: address('2001:db8::1'), dns: [address('2001:db8::53')] };
    expect(derive(host(of, more))).toEqual({
      vif,
      entry: 'web1',
      filtered: true,
      addresses: ['fe80::1/64', '2001:db8:1::1/64', '2001:db8::1/128'],
      routes: [
        { prefix: '2001:db8:1::/64' },
        { prefix: '2001:db8:2::/80' },
        { prefix: '2001:db8:ffff::7/128' },
        { prefix: '2001:db8:10::/48', via: 'fe80::216:3eff:fe00:7' },
      ],
      proxies: [{ address: '2001:db8:ffff::7', device: 'eth0' }],
      advertised: ['2001:db8:1::/64'],
      dns: ['2001:db8::53'],
    });
  });

  test('"via" instead of the MAC address, which may be unknown', () => {
    const { mac: _, ...without } = vif;
    const routed = [prefix('2001:db8:10::/48')];
    expect(derive(host({ routed, via: address('fe80::2') }), without).routes[0]?.via).toBe('fe80::2');
    expect(deriveVifState(host({ routed }), without)).toMatchObject({ ok: false, problem: { code: 'xen-no-mac' } });
  });

  test('a guest or an interface that is not listed', () => {
    for (const stranger of [
      { ...vif, name: 'other' },
      { ...vif, devid: 1 },
    ]) {
      expect(derive(host({}), stranger)).toEqual(filterOnly(stranger));
      expect(deriveVifState(host({}, { unlisted: 'ignore' }), stranger)).toEqual({ ok: true, value: undefined });
    }
  });

  test('"ip=" adds to the entry, or is one, and takes nothing from others', () => {
    const given = [prefix('2001:db8:5::/64')];
    const of = { prefixes: [prefix('2001:db8:1::/64')] };
    expect(derive(host(of), { ...vif, given }).routes).toEqual([
      { prefix: '2001:db8:5::/64' },
      { prefix: '2001:db8:1::/64' },
    ]);
    expect(derive(host(of), { ...vif, name: 'other', given })).toMatchObject({
      entry: 'ip=',
      addresses: ['fe80::1/64'],
      routes: [{ prefix: '2001:db8:5::/64' }],
    });
    const taking = deriveVifState(host(of), { ...vif, name: 'other', given: [prefix('2001:db8:1::7/128')] });
    expect(taking).toMatchObject({ ok: false, problem: { code: 'config-overlap' } });
  });

  test('names are exact, but for the ending of a guest that migrates here', () => {
    const config = host({});
    const found = (name: string): boolean => matchGuest(config, { ...vif, name }) !== undefined;
    expect(['web1', 'web1--incoming'].map(found)).toEqual([true, true]);
    expect(['WEB1', 'web', 'web11', 'w.b1', ' web1', 'web1--migratedaway', '--incoming'].map(found)).toEqual(
      Array.from({ length: 7 }, () => false),
    );
  });
});

/** What the kernel would have after these steps; `has` is changed. */
interface Kernel {
  filtered: Set<string>;
  addresses: Set<string>;
  routes: Set<string>;
  proxies: Set<string>;
}

function apply(has: Kernel, steps: readonly VifStep[]): void {
  for (const step of steps) {
    switch (step.do) {
      case 'filter':
        has.filtered.add(step.device);
        break;
      case 'unfilter':
        has.filtered.delete(step.device);
        break;
      case 'add-address':
        has.addresses.add(`${step.device} ${step.address}`);
        break;
      case 'remove-address':
        has.addresses.delete(`${step.device} ${step.address}`);
        break;
      case 'add-guest-route':
        // A route replaces another to the same prefix.
        for (const route of has.routes) if (route.split(' ')[1] === step.route.prefix) has.routes.delete(route);
        has.routes.add(formatObservedRoute(step.device, step.route.prefix, step.route.via));
        break;
      case 'remove-guest-route':
        has.routes.delete(formatObservedRoute(step.device, step.route.prefix, step.route.via));
        break;
      case 'answer':
        has.proxies.add(`${step.device} ${step.address}`);
        break;
      case 'stop-answering':
        has.proxies.delete(`${step.device} ${step.address}`);
        break;
      default:
    }
  }
}

const empty = (): Kernel => ({ filtered: new Set(), addresses: new Set(), routes: new Set(), proxies: new Set() });
const seen = (has: Kernel): ObservedGuests => ({ ...has, dropped: { forged: 0, posed: 0 } });

const states = fc
  .record({
    filtered: fc.boolean(),
    addresses: fc.subarray(['fe80::1/64', '2001:db8:1::1/64', '2001:db8::1/128']),
    routes: fc.subarray(['2001:db8:1::/64', '2001:db8:2::/64', '2001:db8:10::/48']),
    via: fc.constantFrom(undefined, 'fe80::2', 'fe80::3'),
    proxies: fc.subarray(['2001:db8:ffff::1', '2001:db8:ffff::2']),
  })
  .map(({ filtered, addresses, routes, via, proxies }): VifState => ({
    vif,
    entry: 'web1',
    filtered,
    addresses,
    routes: routes.map((each) => ({ prefix: each, ...(via !== undefined && { via }) })),
    proxies: proxies.map((each) => ({ address: each, device: 'eth0' })),
    advertised: [],
    dns: [],
  }));

describe('the steps', () => {
  test('lead from any state to any other, and doing them again changes nothing', () => {
    fc.assert(
      fc.property(states, states, (before, wanted) => {
        const kernel = empty();
        apply(kernel, planOnline(undefined, before));
        apply(kernel, planOnline(before, wanted));
        const fresh = empty();
        apply(fresh, planOnline(undefined, wanted));
        expect(kernel).toEqual(fresh);
        expect(judgeVif(wanted, seen(kernel))).toEqual([]);
        apply(kernel, planOnline(wanted, wanted));
        expect(kernel).toEqual(fresh);
      }),
    );
  });

  test('the filter is the first of them', () => {
    fc.assert(
      fc.property(states, (wanted) => {
        const steps = planOnline(undefined, wanted);
        expect(steps.findIndex((step) => step.do === 'filter')).toBe(wanted.filtered ? 0 : -1);
      }),
    );
  });

  test('offline leaves nothing of what outlives the interface, and nothing of others is lost', () => {
    const apart = states.map((state): VifState => ({ ...state, vif: { ...vif, domid: 8, device: 'vif8.0' } }));
    fc.assert(
      fc.property(states, fc.option(apart, { nil: undefined }), (gone, other) => {
        const kernel = empty();
        apply(kernel, planOnline(undefined, gone));
        if (other) apply(kernel, planOnline(undefined, other));
        apply(kernel, planOffline(gone, other ? [other] : []));
        const left = empty();
        if (other) apply(left, planOnline(undefined, other));
        expect([kernel.filtered, kernel.proxies]).toEqual([left.filtered, left.proxies]);
      }),
    );
  });

  test('a guest who comes back between the look and the steps gets its own again', () => {
    fc.assert(
      fc.property(states, (state) => {
        const back: VifState = { ...state, vif: { ...vif, domid: 8 } };
        const kernel = empty();
        apply(kernel, planOnline(undefined, state));
        apply(kernel, planOnline(undefined, back));
        const taken = planOffline(state, []);
        apply(kernel, taken);
        apply(kernel, planReturn(taken, [back]));
        expect(judgeVif(back, seen(kernel))).toEqual([]);
      }),
    );
  });

  test('each says why', () => {
    const wanted = derive(host({ prefixes: [prefix('2001:db8:1::/64')] }));
    const because = planOnline(undefined, wanted).map((step) => step.because);
    expect(because).toContain('2001:db8:1::/64 belongs to interface 0 of web1');
    expect(because.every((text) => text !== '')).toBe(true);
  });
});
