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
  /** Identity association of the prefix (RFC 8415 section 12); default 1. */
  readonly iaid?: number;
  /**
   * For a client that remembers nothing: it calls itself by the MAC address that its interface has wherever it is, so that
   * every machine with that address is the same client to the provider.
   */
  readonly stateless?: { readonly mac: bigint };
}
