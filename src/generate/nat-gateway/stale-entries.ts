import { formatIpv4 } from '../../core/ipv4.ts';
import type { NatGateway } from './nat-gateway.ts';

/** Shell lines that delete what connection tracking (1.4.7) remembers of packets from before the rules. */
export function deleteStaleEntries({ external, target }: NatGateway): string[] {
  return [
    '# Exit code 1 says that there was nothing to delete.',
    'command -v conntrack >/dev/null || { echo "conntrack is missing (Debian: package conntrack)" >&2; exit 69; }',
    `conntrack -D -p 41 --orig-dst ${formatIpv4(external)} >/dev/null 2>&1 || [ $? = 1 ]`,
    `conntrack -D -p 41 --orig-src ${formatIpv4(target)} >/dev/null 2>&1 || [ $? = 1 ]`,
  ];
}
