import type { Config } from '../../engine/config.ts';
import { deriveDetour } from '../bpf/detours.ts';
import { matchNetworks, matchQuickly } from './match-networks.ts';
import type { Rule } from './table.ts';

// Rules for what is forwarded, in `sixgate_guard` where that has a chain for it and in `ip6 sixgate` elsewhere.

/**
 * Without a mapping, and before its route is there, a packet to a delegated prefix would follow the default route. Beside
 * making a loop it would leave a conntrack entry, and the flow that it belongs to would get another port later. Where conntrack is
 * needed anyway, what it says is cheap; elsewhere most packets are known by an inside address, with which none has come from an uplink.
 */
export function turnBack({ translations, uplinks, networks }: Config): Rule[] {
  const isTracked = translations.some(({ mode, inbound }) => mode === 'stateful' || inbound === 'deny');
  const inside = networks.map(({ prefix }) => prefix);
  const onward = matchQuickly('saddr', inside).map((match) => ({
    text: `${match} accept`,
    why: 'it comes from inside',
  }));
  return [
    ...(isTracked ? [] : onward),
    ...uplinks.map(({ name, interface: at }) => ({
      text: `${isTracked ? `${unestablished} ` : ''}iifname "${at}" oifname "${at}" counter name returning drop`,
      why: `nothing goes back to where it came from, ${name}`,
    })),
  ];
}

/** What RFC 6296 has no outside address for comes back from the translator by the detour, as it was. */
export function rejectRefused({ translations, networks }: Config): Rule[] {
  const inside = networks.map(({ prefix }) => prefix);
  return translations
    .filter(({ mode }) => mode === 'rfc6296')
    .flatMap(({ uplink }) =>
      matchNetworks('saddr', inside).map((match) => ({
        text: `iif ${deriveDetour(uplink.interface).index} ${match} ${toldAtOnce}`,
        why: `the translator has no outside address for it, ${uplink.name}: say so at once`,
      })),
    );
}

export const toldAtOnce = 'counter name unmapped reject with icmpv6 type policy-fail';

/** The same as `!= { established, related }`, without a set. */
export const unestablished = 'ct state & (established | related) == 0';
