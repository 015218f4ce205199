import { succeed } from '../../core/result.ts';
import type { Generated } from '../generated.ts';
import type { GeneratedFile } from '../generated-file.ts';
import type { NameKey } from '../intent/intent-fields.ts';
import { cloudInitGuest } from './cloud-init-guest.ts';
import { ifupdownGuest } from './ifupdown-guest.ts';
import { netplanGuest } from './netplan-guest.ts';
import { networkdGuest } from './networkd-guest.ts';
import { readXenGuest } from './read-xen-guest.ts';
import { sixgateGuest } from './sixgate-guest.ts';
import { dom0Advice, guestAdvice } from './xen-guest-advice.ts';
import type { XenGuestLink } from './xen-guest.ts';
import { xlGuest } from './xl-guest.ts';

/** A new target is a line here. */
export const xenGuestTargets = {
  ifupdown: ifupdownGuest,
  netplan: netplanGuest,
  networkd: networkdGuest,
  'cloud-init': cloudInitGuest,
  xl: xlGuest,
  sixgate: sixgateGuest,
} as const satisfies Record<string, (link: XenGuestLink) => GeneratedFile[]>;

export type XenGuestTarget = keyof typeof xenGuestTargets;

/** What one end of a guest's interface needs, from the JSON of an intent: the guest's own files, or Dom0's. */
export function generateXenGuest(intent: unknown, target: XenGuestTarget, nameKey?: NameKey): Generated {
  const read = readXenGuest(intent, nameKey ?? ((key) => key));
  if (!read.ok) return read;
  const warnings = read.value.example
    ? [
        {
          code: 'example-address' as const,
          message:
            'these addresses are for documentation (RFC 5737, RFC 3849): the files are an example and work nowhere',
          mend: 'Give your own addresses before you use them.',
        },
      ]
    : [];
  const advice = target === 'xl' || target === 'sixgate' ? dom0Advice(read.value) : guestAdvice(read.value);
  return succeed({ files: xenGuestTargets[target](read.value), warnings, advice });
}
