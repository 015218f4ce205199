import { formatIpv6 } from '../../../core/ipv6.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { ok, warning, type Finding } from '../finding.ts';
import type { SeenTunnel } from './seen-tunnel.ts';

/** Any prefix may be right: only its broker knows. */
export function judgeSixInFour({ tunnel: { name }, addresses }: SeenTunnel, id: string): Finding {
  const [first] = addresses;
  if (first !== undefined) return ok(id, `${name} has ${formatIpv6(first.address)}`);
  const mend = `ip -6 address add ADDRESS/64 dev ${shellWord(name)}  # ADDRESS: what the other end calls the client's`;
  return warning(id, `${name} has no IPv6 address of its own`, mend);
}
