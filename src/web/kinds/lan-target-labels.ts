import type { LanTarget } from '../../generate/lan/lan-targets.ts';
import type { Target } from './kind.ts';

export const lanTargetLabels: readonly (Target & { readonly name: LanTarget })[] = [
  { name: 'networkd', label: 'systemd-networkd' },
  { name: 'netplan', label: 'netplan' },
  { name: 'ifupdown', label: 'ifupdown' },
];
