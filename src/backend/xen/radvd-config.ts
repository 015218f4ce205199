import type { VifState } from '../../engine/xen/vif-state.ts';

/**
 * The configuration of a radvd of its own for guests; undefined where none is advertised to. Interfaces come and go, so
 * radvd must not mind one that is missing. The lifetime of the router is that of RFC 4861; prefixes go when the guest does.
 */
export function formatRadvdConfig(states: readonly VifState[]): string | undefined {
  const advertised = states.filter((state) => state.advertised.length > 0);
  if (advertised.length === 0) return undefined;
  return `# Written by sixgate; changes are lost.\n${advertised
    .sort((one, other) => (one.vif.device < other.vif.device ? -1 : 1))
    .map(formatInterface)
    .join('')}`;
}

function formatInterface({ vif, advertised, dns, entry }: VifState): string {
  const lines = [
    `# ${entry ?? ''}`.replaceAll(/[^ -~]/g, '?'),
    `interface ${vif.device}`,
    '{',
    '  AdvSendAdvert on;',
    '  IgnoreIfMissing on;',
    '  MinRtrAdvInterval 30;',
    '  MaxRtrAdvInterval 100;',
    ...advertised.flatMap((prefix) => [
      `  prefix ${prefix}`,
      '  {',
      '    AdvOnLink on;',
      '    AdvAutonomous on;',
      '  };',
    ]),
    ...(dns.length > 0 ? [`  RDNSS ${dns.join(' ')}`, '  {', '  };'] : []),
    '};',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
