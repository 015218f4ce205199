import { formatPrefix } from '../../core/prefix.ts';
import { deriveDesired } from '../desired.ts';
import { formatAge } from '../format-report.ts';
import { rankDelegations } from '../rank-delegations.ts';
import { ok, problem, unknown, warning, type Check } from './finding.ts';

export const delegation: Check = {
  id: 'delegation',
  group: 'prefix',
  needsConfig: true,
  judge({ delegations, now }, config) {
    return config.uplinks.flatMap((uplink) => {
      const id = `delegation:${uplink.name}`;
      if (!delegations.known) return [unknown(id, 'the delegated prefixes', delegations.why)];
      const { current } = rankDelegations(delegations.value, uplink.name, now);
      if (!current) {
        const mend = `Look at the DHCPv6 client of ${uplink.interface} and at the checks below; the guard holds until a prefix arrives.`;
        return [problem(id, `${uplink.name} has no delegated prefix: nothing inside gets out`, mend)];
      }
      const prefix = formatPrefix(current.prefix);
      const left = current.validUntil === Infinity ? 'for ever' : `for ${formatAge(current.validUntil - now)}`;
      const tooSmall = deriveDesired(config, delegations.value, now).problems.filter(
        ({ code, message }) => code === 'delegation-too-small' && message.includes(prefix),
      );
      const small = tooSmall.map(({ message, mend }) => warning(`${id}:size`, message, mend ?? ''));
      if (current.preferredUntil > now) return [ok(id, `${uplink.name} has ${prefix}, valid ${left}`), ...small];
      const found = `${uplink.name} has ${prefix}, valid ${left}, but the provider wants it used no longer for new flows`;
      const ask = uplink.source.from === 'dhcpcd' ? 'pkill -USR1 -o -x dhcpcd' : 'systemctl restart sixgate';
      const mend =
        uplink.source.from === 'dhcpcd' || uplink.source.from === 'dhcpv6'
          ? `Make the DHCPv6 client ask for a new one: ${ask}`
          : `Make the DHCPv6 client of ${uplink.interface} ask for a new one.`;
      return [warning(id, found, mend), ...small];
    });
  },
};
