import { formatObservedRoute, type ObservedGuests } from './observed-guests.ts';
import type { VifState } from './vif-state.ts';

/** What an interface should have and has not; each is a few words. Empty where all is as recorded. */
export function judgeVif(state: VifState, seen: ObservedGuests): string[] {
  const { device } = state.vif;
  return [
    ...(state.problem === undefined ? [] : [state.problem]),
    ...(state.filtered && !seen.filtered?.has(device) ? ['it can forge sources: the filter does not have it'] : []),
    ...state.addresses
      .filter((address) => !seen.addresses.has(`${device} ${address}`))
      .map((address) => `no ${address}`),
    ...state.routes
      .filter(({ prefix, via }) => !seen.routes.has(formatObservedRoute(device, prefix, via)))
      .map(({ prefix }) => `no route to ${prefix}`),
    ...state.proxies
      .filter((proxy) => !seen.proxies.has(`${proxy.device} ${proxy.address}`))
      .map(({ address, device: uplink }) => `nobody answers for ${address} on ${uplink}`),
  ];
}
