import type { Way } from '../../engine/steering.ts';
import type { Chain, TableSet } from './table.ts';

export interface Steered {
  readonly ways: readonly Way[];
  /** The bits of marks that are ours. */
  readonly mask: number;
}

/** Before NAT (-100), since the way is decided right after prerouting; what conntrack knows is there from -200 on. */
const priority = -150;

/**
 * A flow lives on the uplink that it began on: its connection mark says which. Packets from inside get the mark of their flow, so that
 * the rules of routing send them there; all other bits of both marks stay as they are.
 */
export function steeringChains({ ways, mask }: Steered): Chain[] {
  const ours = hexadecimal(mask);
  const others = hexadecimal(~mask >>> 0);
  const outside = `{ ${ways.map(({ uplink }) => `"${uplink.interface}"`).join(', ')} }`;
  const unmarked = `ct mark and ${ours} == 0`;
  const follow = ({ mark }: Way): string =>
    `ct mark and ${ours} == ${hexadecimal(mark)} meta mark set meta mark and ${others} or ${hexadecimal(mark)}`;
  return [
    {
      name: 'steer',
      hook: { type: 'filter', hook: 'prerouting', priority },
      rules: [
        ...ways.map((way) => ({
          text: `iifname "${way.uplink.interface}" ${unmarked} ct mark set ct mark or ${hexadecimal(way.mark)}`,
          why: `what begins by ${way.uplink.name} lives there`,
        })),
        ...ways.map((way) => ({
          text: `iifname != ${outside} ${follow(way)}`,
          why: `what lives on ${way.uplink.name} goes there`,
        })),
      ],
    },
    {
      name: 'steer_own',
      hook: { type: 'route', hook: 'output', priority },
      rules: ways.map((way) => ({ text: follow(way), why: `answers of this router too, ${way.uplink.name}` })),
    },
    {
      name: 'settle',
      hook: { type: 'filter', hook: 'postrouting', priority },
      rules: ways.map((way) => ({
        text: `oifname "${way.uplink.interface}" ${unmarked} ct mark set ct mark or ${hexadecimal(way.mark)}`,
        why: `what leaves by ${way.uplink.name} for the first time lives there`,
      })),
    },
  ];
}

/** The kernel remembers whose flows were told to start anew, so that this happens once, whatever becomes of the daemon. */
export function steeringSets({ ways, mask }: Steered): TableSet[] {
  return [
    {
      name: 'given_up',
      type: 'ifname',
      interval: false,
      purpose: {
        decides: 'given-up',
        about: 'the list of uplinks that are given up',
        marks: ways.map(({ uplink, mark }) => ({ uplink: uplink.name, interface: uplink.interface, mark })),
        mask,
      },
      elements: ways.filter(({ givenUp }) => givenUp).map(({ uplink }) => `"${uplink.interface}"`),
    },
  ];
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16).padStart(8, '0')}`;
}
