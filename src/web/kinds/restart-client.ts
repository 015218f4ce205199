import { sharedInterface } from '../../generate/uplink/networkmanager-uplink.ts';
import type { UplinkTarget } from '../../generate/uplink/uplink-targets.ts';
import type { Step } from '../files/read-steps.ts';

/** What makes a DHCPv6 client read its new file. */
export function restartClient(client: UplinkTarget, interfaceName: string): Step[] {
  if (client === 'dhcpcd') return [{ text: 'Let dhcpcd read its new file', commands: [`dhcpcd -n ${interfaceName}`] }];
  if (client === 'networkd')
    return [{ text: 'Let systemd-networkd read its new file', commands: ['networkctl reload'] }];
  if (client === 'networkmanager')
    return [
      {
        text: 'Let NetworkManager read its new files',
        commands: [
          'nmcli connection reload',
          `nmcli connection up sixgate-${interfaceName}`,
          `nmcli connection up sixgate-${sharedInterface}`,
        ],
      },
    ];
  return [];
}
