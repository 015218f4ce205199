import { fail, succeed, type Result } from '../../core/result.ts';
import { formatMac, parseMac } from '../../core/mac-address.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { VifState } from '../../engine/xen/vif-state.ts';
import { reasonOf } from '../../core/printable.ts';

/** The name of the record of an interface. */
export function vifStateName({ domid, devid, kind }: Pick<Vif, 'domid' | 'devid' | 'kind'>): string {
  return `${domid}-${devid}${kind === 'tap' ? '-emu' : ''}.json`;
}

export function formatVifState({ vif: { mac, given: _given, ...vif }, ...state }: VifState): string {
  const shown = { schemaVersion: 1, vif: { ...vif, ...(mac !== undefined && { mac: formatMac(mac) }) }, ...state };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}

/** Reads what `formatVifState` wrote; a record that was damaged is a problem, never half of one. */
export function parseVifState(text: string, path: string): Result<VifState> {
  try {
    const { schemaVersion, vif, ...rest } = JSON.parse(text) as Record<string, unknown>;
    if (schemaVersion !== 1) throw new Error('it was written by another version');
    const { mac, ...named } = vif as Omit<Vif, 'mac'> & { mac?: string };
    const parsed = mac === undefined ? undefined : parseMac(mac);
    const state = { vif: { ...named, ...(parsed?.ok && { mac: parsed.value }) }, ...rest } as VifState;
    const lists = [state.addresses, state.routes, state.proxies, state.advertised, state.dns];
    if (typeof state.vif.device !== 'string' || !lists.every(Array.isArray)) throw new Error('something is missing');
    return succeed(state);
  } catch (error) {
    const why = reasonOf(error);
    return fail({ code: 'stored-unreadable', message: `${path} is not understood: ${why}`, mend: 'Remove it.' });
  }
}
