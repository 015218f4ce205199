import { nearest } from './nearest.ts';
import { parsePinholeHost } from './pinhole-host.ts';
import { ipv6FromBigInt, parseIpv6, type Ipv6Address } from '../core/ipv6.ts';
import { quote } from '../core/quote.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Config } from '../engine/config.ts';

/**
 * Reads an address, or SUBNET::INTERFACE-ID as pinholes name hosts. Where both are possible (`cafe::10`) the subnet is
 * meant, if there is one of that name.
 */
export function parseTracedAddress(text: string, config: Config): Result<Ipv6Address> {
  const subnets = config.networks.flatMap((network) => network.subnets);
  const host = parsePinholeHost(text);
  const subnet = host.ok ? subnets.find(({ name }) => name === host.value.subnet) : undefined;
  if (host.ok && subnet) return succeed(ipv6FromBigInt(subnet.prefix.address | host.value.interfaceId));
  const address = parseIpv6(text);
  if (address.ok || !/^[a-z0-9-]+::/.test(text)) return address;
  if (!host.ok) return host;
  const names = subnets.map(({ name }) => name);
  const near = nearest(host.value.subnet, names);
  const mend = near === undefined ? `Write one of: ${names.join(', ')}.` : `Write ${near}.`;
  const message = `there is no subnet ${quote(host.value.subnet)}`;
  return fail({ code: 'config-reference', message, ...(names.length > 0 && { mend }) });
}
