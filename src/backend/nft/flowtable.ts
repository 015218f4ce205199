import type { TableState } from '../../engine/kernel-state.ts';
import type { Chain, Flowtable } from './table.ts';

/** No word of nft's grammar, as `offload` is. */
const name = 'fast';

/** The flowtable and the chain that hands flows over to it. */
export function offloadFlowtable(interfaces: readonly string[]): Flowtable {
  return {
    name,
    devices: interfaces,
    purpose: { decides: 'offload', about: 'the list of interfaces between which established flows pass by the rules' },
  };
}

/**
 * Behind every other chain of the forward hook: what any of them drops is never handed over. Only what leaves by an uplink is, and
 * only with an address that the uplink serves, which is all that the guard asks behind this; the kernel takes both
 * directions of the flow at once. A flow between inside hosts (hairpin) leaves by no uplink.
 *
 * What the kernel does with a flow (Linux 6.1): a packet whose connection was deleted, whose route is another one, or which is too large,
 * goes through the rules again at once; so do FIN and RST, fragments and all that is neither TCP nor UDP.
 */
export function offloadChain(uplinks: readonly ServedUplink[]): Chain {
  return {
    name: 'hand_over',
    hook: { type: 'filter', hook: 'forward', priority: lastPriority },
    rules: uplinks.flatMap(({ name: uplink, interface: at, isServed }) => {
      const leaving = `oifname "${at}" meta l4proto { tcp, udp } ct state established`;
      return [
        ...isServed('ct reply ip6 daddr').map((served) => ({
          text: `${leaving} ct status snat ${served} flow add @${name}`,
          why: `flows that began inside need the rules no longer, ${uplink}`,
        })),
        ...isServed('ct original ip6 daddr').map((served) => ({
          text: `${leaving} ct status dnat ${served} flow add @${name}`,
          why: `the same of those that began outside, ${uplink}`,
        })),
      ];
    }),
  };
}

/** An uplink, and the matches of which one holds for an address that it serves. */
export interface ServedUplink {
  readonly name: string;
  readonly interface: string;
  readonly isServed: (address: string) => readonly string[];
}

const lastPriority = 2 ** 31 - 1;

/** Interfaces of our flowtable among what was read; undefined where it is not there. */
export function findOffloaded(tables: readonly TableState[]): readonly string[] | undefined {
  const table = tables.find(({ key }) => key === 'ip6 sixgate');
  if (!table?.structure.some((line) => line.startsWith(`flowtable ${name}:`))) return undefined;
  return (table.elements.get(name) ?? []).map((element) => element.slice(1, -1));
}

/** Hands the kernel a flowtable for a check; nothing of it stays but the modules that it loads for it. */
export const askForFlowtable = {
  argv: ['nft', '-c', '-f', '-'],
  input: `table ip6 sixgate_probe {
  flowtable ${name} { hook ingress priority 0; }
  chain probe { type filter hook forward priority 0; ct state established flow add @${name}; }
}
`,
} as const;
