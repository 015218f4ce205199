import { formatIpv4, type Ipv4Address } from '../../core/ipv4.ts';

/** Two echo requests of this size in bytes of IPv4 that nobody may fragment; ends within 1.2 s. */
export function probePath(peer: Ipv4Address, size: number): [string, ...string[]] {
  const options = ['-4', '-n', '-c', '2', '-i', '0.2', '-W', '1', '-M', 'do', '-s', `${size - 28}`];
  return ['ping', ...options, formatIpv4(peer)];
}

export interface ProbeAnswer {
  readonly answered: boolean;
  /** What a router on the way, or this host, said that fits. */
  readonly told?: number;
}

/** Reads what ping of iputils prints, on both outputs. */
export function parseProbe(text: string): ProbeAnswer {
  const told = /(?:mtu=|mtu = )(\d+)/.exec(text)?.[1];
  return { answered: / bytes from /.test(text), ...(told !== undefined && { told: Number(told) }) };
}
