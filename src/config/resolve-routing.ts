import { quote } from '../core/quote.ts';
import { uplinksOf, defaultRouting } from '../engine/routing.ts';
import type { Routing, Translation } from '../engine/config.ts';
import type { Findings } from './findings.ts';
import { refer } from './refer.ts';
import type { ReadConfig, Resolved } from './resolve-uplinks.ts';
import type { Uplink } from '../engine/config.ts';
import { refuse } from './shape/shape.ts';

/** The routing by source where a network has a choice of uplinks, or where it is asked for; undefined elsewhere. */
export function resolveRouting(
  read: ReadConfig,
  translations: readonly Translation[],
  findings: Findings,
): Routing | undefined {
  const uplinks = new Set(translations.map(({ uplink }) => uplink.name));
  const chosen = translations.some(({ network }) => uplinksOf(network, translations).length > 1);
  if (!chosen && (!read.routing || uplinks.size < 2)) {
    if (read.routing) {
      const message = 'there is one uplink, so there is nothing to route by source';
      refuse(findings.warn, read.routing, 'config-unusual', message, 'Take "routing" out.');
    }
    return undefined;
  }
  const { table, priority, mask } = read.routing?.value ?? {};
  const routing = {
    table: table?.value ?? defaultRouting.table,
    priority: priority?.value ?? defaultRouting.priority,
    mask: mask?.value ?? defaultRouting.mask,
  };
  if (read.backend?.value === 'ip6tables') {
    const message = 'backend ip6tables knows no choice of uplinks';
    const mend = 'Write "backend: nftables", or give every network one uplink.';
    refuse(findings.refuse, read.backend, 'config-not-built', message, mend);
  }
  refuseNarrowMask(read, routing.mask, uplinks.size, findings);
  return routing;
}

function refuseNarrowMask(read: ReadConfig, mask: number, uplinks: number, findings: Findings): void {
  const at = read.routing?.value.mask ?? read.translate!;
  const bits = Math.log2(mask / ((mask & -mask) >>> 0) + 1);
  if (!Number.isInteger(bits)) {
    const message = `the bits of ${hexadecimal(mask)} do not follow each other`;
    refuse(findings.refuse, at, 'config-value', message, 'Write a mask like 0x0f000000.');
  } else if (2 ** bits - 1 < uplinks) {
    const message = `${hexadecimal(mask)} has room for ${2 ** bits - 1} of the ${uplinks} uplinks`;
    refuse(findings.refuse, at, 'config-value', message, 'Write a mask with more bits under routing.');
  }
}

function hexadecimal(mask: number): string {
  return `0x${mask.toString(16).padStart(8, '0')}`;
}

/** Names in `prefer` that a network can't prefer, or that stand twice. */
export function judgePreferences(read: ReadConfig, uplinks: readonly Resolved<Uplink>[], findings: Findings): void {
  for (const { name, body } of read.networks?.value ?? []) {
    const seen = new Set<string>();
    for (const preferred of body?.value.prefer?.value ?? []) {
      const uplink = refer('uplink', preferred, uplinks, findings);
      if (!uplink) continue;
      const translated = (read.translate?.value ?? []).some(
        ({ value }) => value.network?.value === name.value && value.uplink?.value === preferred.value,
      );
      if (seen.has(preferred.value)) {
        const message = `${quote(preferred.value)} stands twice in this order`;
        refuse(findings.refuse, preferred, 'config-duplicate', message, 'Leave only one of them.');
      } else if (!translated) {
        const message = `${quote(name.value)} is not translated on ${quote(preferred.value)}, so it has no way out there`;
        const mend = `Add { network: ${name.value}, uplink: ${preferred.value} } under translate, or take it out.`;
        refuse(findings.refuse, preferred, 'config-reference', message, mend);
      }
      seen.add(preferred.value);
    }
  }
}
