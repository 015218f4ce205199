import type { GeneratedFile } from '../generated-file.ts';
import { dhcpcdUplink } from './dhcpcd-uplink.ts';
import { ifupdownUplink } from './ifupdown-uplink.ts';
import { dhclientUplink, odhcp6cUplink } from './hooked-uplink.ts';
import { networkManagerUplink } from './networkmanager-uplink.ts';
import { networkdUplink } from './networkd-uplink.ts';
import type { UplinkIntent } from './uplink-intent.ts';

/** What each program needs; a new target is a line here. */
export const uplinkTargets = {
  dhcpcd: dhcpcdUplink,
  ifupdown: ifupdownUplink,
  networkd: networkdUplink,
  dhclient: dhclientUplink,
  odhcp6c: odhcp6cUplink,
  networkmanager: networkManagerUplink,
} as const satisfies Record<string, (intent: UplinkIntent) => readonly GeneratedFile[]>;

export type UplinkTarget = keyof typeof uplinkTargets;
