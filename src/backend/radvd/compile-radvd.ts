import { formatIpv6 } from '../../core/ipv6.ts';
import { formatPrefix } from '../../core/prefix.ts';
import type { Advertisement } from '../../engine/advertisements.ts';

/**
 * A radvd.conf. Interfaces that are not there yet are no error, and come in when they are. The stable prefix has radvd's own
 * lifetimes of a day and four hours; only the lifetime of the default router follows the mapping.
 */
export function compileRadvd(advertisements: readonly Advertisement[]): string {
  return `# Written by sixgate whenever it changes; radvd is told then.\n${advertisements.map(block).join('')}`;
}

function block({ interface: name, prefix, defaultRouter, dns }: Advertisement): string {
  const lines = [
    'AdvSendAdvert on;',
    'IgnoreIfMissing on;',
    // Hosts forget a router that died within three minutes at most.
    'MinRtrAdvInterval 20;',
    'MaxRtrAdvInterval 60;',
    `AdvDefaultLifetime ${defaultRouter ? 180 : 0};`,
    `prefix ${formatPrefix(prefix)} { };`,
    ...(dns.length > 0 ? [`RDNSS ${dns.map(formatIpv6).join(' ')} { };`] : []),
  ];
  return `\ninterface ${name} {\n${lines.map((line) => `\t${line}\n`).join('')}};\n`;
}
