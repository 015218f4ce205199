import type { Config } from '../config.ts';
import { ok, problem, warning, type Check } from './finding.ts';
import { tunnelsOnly } from './tunnel/tunnels-only.ts';

export const configuration: Check = {
  id: 'configuration',
  group: 'configuration',
  needsConfig: false,
  judge(facts) {
    const read = facts.config;
    if (tunnelsOnly(facts))
      return [ok('configuration', 'there is none: only this machine and its tunnels are looked at')];
    if (!read.valid) return [problem('configuration', read.message, read.mend)];
    const what = describe(read.config);
    if (read.warnings === 0) return [ok('configuration', `it is valid: ${what}`)];
    return [warning('configuration', `it is valid, with ${read.warnings} warning(s): ${what}`, 'sixgate check')];
  },
};

function describe({ uplinks, networks, xen }: Config): string {
  const guests = xen && `${xen.guests.length} Xen guest(s)`;
  if (guests !== undefined && uplinks.length === 0 && networks.length === 0) return guests;
  const named = [
    uplinks.map(({ name }) => name).join(', ') || 'no uplink',
    networks.map(({ name }) => name).join(', ') || 'no network',
  ];
  return [...named, ...(guests === undefined ? [] : [guests])].join('; ');
}
