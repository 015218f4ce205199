import { formatPrefix } from '../../core/prefix.ts';
import { restoreWord } from '../../core/restore-word.ts';
import type { Desired } from '../../engine/desired.ts';
import type { WantedState } from '../../engine/kernel-state.ts';
import { wantedCalls } from '../../core/ip6tables-calls.ts';
import { formatCall } from './calls.ts';
import { chainName } from './chain-names.ts';
import { compileChains, type ChainTable } from './chains.ts';
import { guardChains } from './guard-chains.ts';
import { translateChains } from './translate-chains.ts';

const translating = formatCall(wantedCalls.find(({ table, from }) => table === 'nat' && from === 'POSTROUTING')!);

/**
 * What should be in force where ip6tables does it. As long as nobody calls the chain that translates sources, no prefix is mapped
 * outwards: the guard would let the first packet of every flow out as it is.
 */
export function compileWantedChains(desired: Desired, calls: ReadonlySet<string>): WantedState {
  const mappings = calls.has(translating)
    ? desired.mappings
    : desired.mappings.map((mapping) => ({ ...mapping, direction: 'inbound' as const }));
  const known = { ...desired, mappings };
  const translated = desired.config.translations.length > 0;
  return {
    tables: [
      guardChains(desired.config, mappings),
      ...(translated ? [translateChains(known), refusingChains(known)] : []),
    ].map(compileChains),
    routes: [...new Set(desired.unreachable.map(formatPrefix))].sort(),
  };
}

/** Who has no way out is told so; the guard alone would be silent. */
function refusingChains({ config, mappings }: Desired): ChainTable {
  const { networks, translations } = config;
  return {
    table: 'filter',
    purpose: 'it tells inside hosts at once that there is no way out',
    chains: [
      {
        name: 'SIXGATE-FWD',
        rules: translations.flatMap(({ uplink }) =>
          networks.map(({ prefix }) => ({
            match: `-o ${restoreWord(uplink.interface)} -s ${formatPrefix(prefix)}`,
            target: `-j ${chainName('MAPPED', uplink.name)}`,
            why: `what has no prefix on ${uplink.name}`,
          })),
        ),
      },
      ...translations.map(({ uplink, mode }) => ({
        name: chainName('MAPPED', uplink.name),
        rules: [
          {
            match: '',
            target: '-j REJECT --reject-with icmp6-policy-fail',
            why: `no prefix on ${uplink.name}: say so at once (RFC 7084 L-14)`,
          },
        ],
        elements: {
          purpose: { decides: 'follows', uplink: uplink.name, mode } as const,
          of: mappings
            .filter(({ direction, uplink: name }) => name === uplink.name && direction === 'both')
            .map(({ inside }) => formatPrefix(inside)),
        },
      })),
    ],
  };
}
