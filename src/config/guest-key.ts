import { quote } from '../core/quote.ts';
import { parseMac } from '../core/mac-address.ts';
import type { GuestKey } from '../engine/xen/xen-config.ts';
import type { Findings } from './findings.ts';
import { refuse, type Located } from './shape/shape.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a key of `guests` means; undefined, and reported, where it is nearly a MAC address and would be taken for a name. */
export function guestKey(key: Located<string>, findings: Findings): GuestKey | undefined {
  const mac = key.value.includes(':') ? parseMac(key.value) : undefined;
  if (mac?.ok) return { by: 'mac', mac: mac.value };
  if (/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){2,}:?$/i.test(key.value)) {
    const message = `${quote(key.value)} looks like a MAC address and is none`;
    return refuse(
      findings.refuse,
      key,
      'config-name',
      message,
      'Write six groups of two digits, as in 00:16:3e:12:34:56.',
    );
  }
  if (uuid.test(key.value)) return { by: 'uuid', text: key.value.toLowerCase() };
  return { by: 'name', text: key.value };
}

/** Equal for equal keys. */
export function keyText(key: GuestKey): string {
  return key.by === 'mac' ? `mac ${key.mac}` : `${key.by} ${key.text}`;
}
