import type { Config } from '../../engine/config.ts';
import type { LanTarget } from '../../generate/lan/lan-targets.ts';
import type { Step } from '../files/read-steps.ts';

/** What puts the router's inside addresses in force. */
export function lanSteps({ networks }: Config, target: LanTarget): Step[] {
  const lans = networks.flatMap(({ subnets }) => subnets).flatMap(({ interface: at }) => at ?? []);
  const commands = {
    networkd: ['networkctl reload'],
    netplan: ['netplan try'],
    ifupdown: lans.length === 0 ? [] : [`ifup ${lans.join(' ')}`],
  };
  return [{ text: 'Give the router its inside addresses', commands: commands[target] }];
}

/** radvd reads what sixgate writes, so sixgate is there first. */
export function radvdSteps({ networks }: Config): Step[] {
  if (!networks.some(({ advertise }) => advertise !== undefined)) return [];
  return [{ text: 'Advertise the subnets', commands: ['systemctl daemon-reload', 'systemctl enable --now radvd'] }];
}
