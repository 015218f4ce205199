import type { InterfaceName } from '../../core/interface-name.ts';
import type { DhcpcdVersion } from './dhcpcd-version.ts';

/** An uplink whose prefix comes by DHCPv6. */
export interface UplinkIntent {
  readonly interface: InterfaceName;
  /** The length of the prefix to ask for. */
  readonly length: number;
  /** Where the hook leaves events, absolute. */
  readonly eventsDirectory: string;
  /** Of the dhcpcd that reads the file. */
  readonly dhcpcdVersion: DhcpcdVersion;
}
