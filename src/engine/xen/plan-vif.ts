import { describeVif } from './vif.ts';
import { routeMetric, type VifProxy, type VifState } from './vif-state.ts';
import type { VifStep } from './vif-step.ts';

/**
 * From what was given before (by the record; undefined: nothing) to what should be. Everything wanted is a step, also what
 * was given before, since somebody else may have taken it away. The filter is first: no packet passes without it.
 */
export function planOnline(before: VifState | undefined, wanted: VifState): VifStep[] {
  const { vif } = wanted;
  const { device } = vif;
  const who = describeVif(vif);
  const metric = routeMetric(vif);
  const steps: VifStep[] = [];
  if (wanted.filtered) {
    steps.push({ do: 'filter', device, because: `${who} must not send from addresses that are not routed to it` });
  } else if (before?.filtered) {
    steps.push({ do: 'unfilter', device, because: `${who} may send from any address` });
  }
  // A guest without an entry keeps its interface as the distribution's script made it.
  if (wanted.entry !== undefined) steps.push(...planSettings(wanted));
  for (const address of wanted.addresses) {
    steps.push({ do: 'add-address', device, address, because: `Dom0's address on the link of ${who}` });
  }
  for (const route of wanted.routes) {
    steps.push({ do: 'add-guest-route', device, route, metric, because: `${route.prefix} belongs to ${who}` });
  }
  for (const { address, device: uplink } of wanted.proxies) {
    const because = `the provider takes ${address} for one on its link, and it belongs to ${who}`;
    steps.push({ do: 'answer', device: uplink, address, because });
  }
  return before ? [...steps, ...planRemoval(before, wanted)] : steps;
}

function planSettings({ vif: { device }, proxies }: VifState): VifStep[] {
  const set = (name: string, value: 0 | 1, because: string, on = device): VifStep => ({
    do: 'set',
    setting: `net/ipv6/conf/${on}/${name}`,
    value,
    because,
  });
  return [
    set('disable_ipv6', 0, 'an earlier failure may have switched IPv6 off here'),
    set('accept_ra', 0, 'no guest configures Dom0'),
    set('autoconf', 0, 'no guest configures Dom0'),
    set('forwarding', 1, 'Dom0 is the router of its guests'),
    ...[...new Set(proxies.map((proxy) => proxy.device))].map((uplink) =>
      set('proxy_ndp', 1, 'without it no proxy NDP entry is looked at', uplink),
    ),
    { do: 'raise', device, because: 'routes over an interface that is down are refused' },
  ];
}

/** What was given and is no longer wanted, on an interface that is still there. */
function planRemoval(before: VifState, wanted: VifState): VifStep[] {
  const { device } = wanted.vif;
  const metric = routeMetric(wanted.vif);
  const because = 'the configuration has it no longer';
  return [
    ...before.routes
      .filter((old) => !wanted.routes.some((route) => route.prefix === old.prefix))
      .map((route): VifStep => ({ do: 'remove-guest-route', device, route, metric, because })),
    ...before.addresses
      .filter((old) => !wanted.addresses.includes(old))
      .map((address): VifStep => ({ do: 'remove-address', device, address, because })),
    ...before.proxies
      .filter((old) => !wanted.proxies.some((proxy) => isSameProxy(proxy, old)))
      .map(({ address, device: uplink }): VifStep => ({ do: 'stop-answering', device: uplink, address, because })),
  ];
}

/**
 * What outlives an interface that is gone, by its record. `others` are the records of all other interfaces: the same guest
 * may be back already, on a migration to this very host even before its old self went.
 */
export function planOffline(gone: VifState, others: readonly VifState[]): VifStep[] {
  const who = describeVif(gone.vif);
  const { device } = gone.vif;
  const steps: VifStep[] = [];
  if (gone.filtered && !others.some((other) => other.filtered && other.vif.device === device)) {
    steps.push({ do: 'unfilter', device, because: `${who} is gone` });
  }
  for (const proxy of gone.proxies) {
    if (others.some((other) => other.proxies.some((kept) => isSameProxy(kept, proxy)))) continue;
    steps.push({ do: 'stop-answering', ...proxy, because: `${who} is gone` });
  }
  return steps;
}

function isSameProxy(one: VifProxy, other: VifProxy): boolean {
  return one.address === other.address && one.device === other.device;
}

/** Of what `planOffline` took away, what another interface has by now. */
export function planReturn(taken: readonly VifStep[], others: readonly VifState[]): VifStep[] {
  const because = 'its guest came back meanwhile';
  return taken.flatMap((step): VifStep[] => {
    if (step.do === 'unfilter') {
      const back = others.some((other) => other.filtered && other.vif.device === step.device);
      return back ? [{ do: 'filter', device: step.device, because }] : [];
    }
    if (step.do !== 'stop-answering') return [];
    const back = others.some((other) => other.proxies.some((proxy) => isSameProxy(proxy, step)));
    return back ? [{ do: 'answer', device: step.device, address: step.address, because }] : [];
  });
}
