import { fingerprint } from '../../core/fingerprint.ts';

/** Every chain of ours begins with it. */
export const chainPrefix = 'SIXGATE-';

/** What a chain of one uplink is for. Those of the first four hold elements (see `element-rule.ts`). */
export type ChainKind = 'OUT' | 'INTO' | 'BACK' | 'MAPPED' | 'LEAVE' | 'ASK';

/** ip6tables takes up to 28 characters. */
const longest = 28;

export function chainName(kind: ChainKind, uplink: string): string {
  const name = `${chainPrefix}${kind}-${uplink}`;
  return name.length <= longest ? name : `${chainPrefix}${kind}-${fingerprint(uplink)}`;
}

export function readChainKind(chain: string): string | undefined {
  return /^SIXGATE-([A-Z]+)-/.exec(chain)?.[1];
}
