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
    const { uplinks, networks } = read.config;
    const what = `${uplinks.map(({ name }) => name).join(', ') || 'no uplink'}; ${networks.map(({ name }) => name).join(', ') || 'no network'}`;
    if (read.warnings === 0) return [ok('configuration', `it is valid: ${what}`)];
    return [warning('configuration', `it is valid, with ${read.warnings} warning(s): ${what}`, 'sixgate check')];
  },
};
