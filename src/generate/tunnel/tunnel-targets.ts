import type { GeneratedFile } from '../generated-file.ts';
import { ifupdownTunnel, type IfupdownFlavour } from './ifupdown.ts';
import { netplanTunnel } from './netplan.ts';
import { networkdTunnel } from './networkd.ts';
import { networkManagerTunnel } from './networkmanager.ts';
import { openwrtTunnel } from './openwrt.ts';
import type { Tunnel } from './tunnel.ts';

/** A new target is a line here and, for what it cannot do, in refuse-target.ts. */
export const tunnelTargets = {
  ifupdown: ifupdownTunnel,
  netplan: netplanTunnel,
  networkd: networkdTunnel,
  networkmanager: networkManagerTunnel,
  openwrt: openwrtTunnel,
} as const satisfies Record<string, (tunnel: Tunnel, flavour?: IfupdownFlavour) => GeneratedFile[]>;

export type TunnelTarget = keyof typeof tunnelTargets;
