import { formatPrefix } from '../../core/prefix.ts';
import { restoreWord } from '../../core/restore-word.ts';
import type { Translation } from '../../engine/config.ts';
import type { Desired } from '../../engine/desired.ts';
import { mappingsOn, type Mapping } from '../../engine/mapping.ts';
import { chainName } from './chain-names.ts';
import type { Chain, ChainTable } from './chains.ts';

/** Prefix translation by NETMAP, as the chains of `translateTable` do it in nftables. */
export function translateChains({ config, mappings }: Desired): ChainTable {
  const { translations } = config;
  return {
    table: 'nat',
    purpose: 'it translates between inside and outside prefixes',
    chains: [
      {
        name: 'SIXGATE-PRE',
        rules: [
          {
            match: '-m addrtype --dst-type LOCAL',
            target: '-j RETURN',
            why: "the router's own addresses are not translated",
          },
          ...translations.map(({ uplink, hairpin }) => ({
            match: hairpin ? '' : `-i ${restoreWord(uplink.interface)}`,
            target: `-j ${chainName('INTO', uplink.name)}`,
            why: `outside to inside, ${uplink.name}${hairpin ? ', from anywhere' : ''}`,
          })),
        ],
      },
      { name: 'SIXGATE-POST', rules: translations.flatMap(translateOutbound) },
      ...translations.flatMap((translation) =>
        mappingChains(translation, mappingsOn(mappings, translation.uplink.name)),
      ),
    ],
  };
}

function translateOutbound({ uplink, hairpin }: Translation) {
  const outbound = {
    match: `-o ${restoreWord(uplink.interface)}`,
    target: `-j ${chainName('OUT', uplink.name)}`,
    why: `inside to outside, ${uplink.name}`,
  };
  if (!hairpin) return [outbound];
  const back = {
    match: '-m conntrack --ctstate DNAT',
    target: `-j ${chainName('BACK', uplink.name)}`,
    why: `hairpin, ${uplink.name}: replies have to come back through here`,
  };
  return [outbound, back];
}

function mappingChains({ uplink: { name }, mode, hairpin }: Translation, mappings: readonly Mapping[]): Chain[] {
  const purpose = (decides: 'outbound' | 'inbound' | 'follows') => ({ decides, uplink: name, mode }) as const;
  const both = mappings.filter(({ direction }) => direction === 'both');
  const pair = (from: Mapping['inside'], to: Mapping['inside']): string =>
    `${formatPrefix(from)} : ${formatPrefix(to)}`;
  const chains: Chain[] = [
    {
      name: chainName('OUT', name),
      rules: [],
      elements: { purpose: purpose('outbound'), of: both.map(({ inside, outside }) => pair(inside, outside)) },
    },
    {
      name: chainName('INTO', name),
      rules: [],
      elements: { purpose: purpose('inbound'), of: mappings.map(({ inside, outside }) => pair(outside, inside)) },
    },
  ];
  if (!hairpin) return chains;
  const outsides = mappings.map(({ outside }) => formatPrefix(outside));
  return [
    ...chains,
    { name: chainName('BACK', name), rules: [], elements: { purpose: purpose('follows'), of: outsides } },
  ];
}
