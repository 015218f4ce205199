import { formatIpv4 } from '../../../core/ipv4.ts';
import { ok, problem, unknown, type Check } from '../finding.ts';
import { translatesTunnels, whereTranslated } from './nat-rules.ts';

/**
 * On the gateway in front of a tunnel. Connection tracking knows protocol 41 by its addresses alone: an entry from before the
 * rules is renewed by every packet, and the rules are never asked.
 */
export const tunnelEntries: Check = {
  id: 'tunnel-entries',
  group: 'tunnels',
  needsConfig: false,
  judge({ tunnelling: { ipv4Firewall: firewall, entries } }) {
    const id = 'tunnel-entries';
    if (!firewall.known || !translatesTunnels(firewall.value)) return [];
    if (!entries.known) return [unknown(id, 'what connection tracking has of protocol 41', entries.why)];
    for (const entry of entries.value) {
      const where = entry.translated ? undefined : whereTranslated(firewall.value, entry);
      if (where === undefined) continue;
      const [source, destination] = [formatIpv4(entry.source), formatIpv4(entry.destination)];
      const found = `${where} translates protocol 41, but not what goes from ${source} to ${destination}: connection tracking remembers it from before the rule`;
      return [problem(id, found, `conntrack -D -p 41 --orig-src ${source} --orig-dst ${destination}`)];
    }
    return [ok(id, 'connection tracking has no entry of protocol 41 that the rules pass by')];
  },
};
