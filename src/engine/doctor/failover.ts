import { formatInstant } from '../report.ts';
import { ok, problem, type Check } from './finding.ts';

export const failover: Check = {
  id: 'fail-over',
  group: 'sixgate',
  needsConfig: true,
  judge({ role }) {
    const id = 'fail-over';
    if (role === undefined) return [ok(id, 'this router has no twin')];
    if (role.since === undefined) {
      const found = 'nobody has said whether this router is the active one of the two, so it stands by';
      const mend = 'systemctl restart keepalived, with the files of "sixgate generate failover".';
      return [problem(id, found, mend)];
    }
    const since = formatInstant(role.since);
    if (role.is !== 'fault') return [ok(id, `this router is the ${role.is} one of two since ${since}`)];
    const found = `this router stands by since ${since} and could not take over: a link is missing`;
    return [problem(id, found, 'ip -br link')];
  },
};

/** What of a router that stands by is as it should be where the active one would have a problem, by the ids' beginnings. */
export const notOfThePassiveOne: ReadonlySet<string> = new Set([
  'dhcp-client',
  'delegation',
  'address',
  'source-address',
]);
