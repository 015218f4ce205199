import type { UplinkIdentity } from '../node-identity.ts';
import type { Report } from '../report.ts';
import type { GroupedFinding } from './checks.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

/** A router's report and what to call the router. */
export interface Peer {
  readonly name: string;
  readonly report: Report;
}

/**
 * Whether two routers would be one to their provider and to their hosts: what each would send, and which one is active. What
 * one of them cannot tell is a warning, what differs a problem.
 */
export function comparePeers(one: Peer, other: Peer): GroupedFinding[] {
  const findings = [
    ...compareUplinks(one, other),
    compareTexts('inside', 'inside prefixes', one, other, insideOf, 'Give both the same networks and subnets.'),
    compareTexts('config', 'configuration', one, other, digestOf, 'Give both the same files in /etc/sixgate.'),
    compareTexts('version', 'version', one, other, ({ daemon }) => daemon.version, 'Upgrade the older one.'),
    compareRoles(one, other),
  ];
  return findings.map((finding) => ({ ...finding, id: `peer:${finding.id}`, group: 'two routers' as const }));
}

const identityParts = [
  ['mac', 'the MAC address', 'Let "sixgate generate failover" make the interface, with the same --mac on both.'],
  ['duid', 'the DUID', 'Make the files of both anew: "sixgate generate failover", with the same --mac.'],
  ['iaid', 'the IAID', 'Give both the same --iaid, or leave it out.'],
  ['hint', 'the length asked for', 'Give both the same --length.'],
] as const satisfies readonly (readonly [keyof UplinkIdentity, string, string])[];

function compareUplinks(one: Peer, other: Peer): Finding[] {
  const ours = one.report.identity?.uplinks ?? [];
  const theirs = other.report.identity?.uplinks ?? [];
  const names = [...new Set([...ours, ...theirs].map(({ uplink }) => uplink))];
  return names.flatMap((name) => {
    const here = ours.find(({ uplink }) => uplink === name);
    const there = theirs.find(({ uplink }) => uplink === name);
    if (!here || !there) {
      const found = `only ${here ? one.name : other.name} has the uplink ${name}`;
      return [problem(`uplink:${name}`, found, 'Give both the same uplinks.')];
    }
    return identityParts.map(([key, what, mend]) => {
      const id = `${key}:${name}`;
      const [left, right] = [here[key], there[key]];
      if (left === null && right === null)
        return ok(id, `${what} of ${name} is no matter of its client, or unknown on both`);
      if (left === null || right === null) {
        const found = `${what} of ${name} is ${left ?? right} on one, and ${(left === null ? one : other).name} does not know it`;
        return warning(id, found, mend);
      }
      if (left === right) return ok(id, `${what} of ${name} is ${left} on both`);
      return problem(id, `${what} of ${name} differs: ${left} on ${one.name}, ${right} on ${other.name}`, mend);
    });
  });
}

function compareTexts(
  id: string,
  what: string,
  one: Peer,
  other: Peer,
  textOf: (report: Report) => string,
  mend: string,
): Finding {
  const [left, right] = [textOf(one.report), textOf(other.report)];
  if (left === right) return ok(id, `the same ${what} on both: ${left}`);
  return problem(id, `the ${what} differs: ${left} on ${one.name}, ${right} on ${other.name}`, mend);
}

function insideOf({ networks }: Report): string {
  const subnets = networks.flatMap((network) =>
    network.subnets.map(({ name, prefix }) => `${network.name}/${name} ${prefix}`),
  );
  return [...networks.map(({ name, prefix }) => `${name} ${prefix}`), ...subnets].join(', ');
}

function digestOf({ identity }: Report): string {
  return identity?.config ?? 'unknown';
}

function compareRoles(one: Peer, other: Peer): Finding {
  const states = [one, other].map(({ name, report }) => ({ name, state: report.failover?.state }));
  const text = states.map(({ name, state }) => `${name} ${state ?? 'has no twin'}`).join(', ');
  if (states.some(({ state }) => state === undefined)) {
    return problem('role', text, 'Add "failover: { by: keepalived }" to the configuration of both.');
  }
  const active = states.filter(({ state }) => state === 'active').length;
  if (active === 1 && states.every(({ state }) => state !== 'fault')) return ok('role', text);
  if (active === 2) {
    return problem(
      'role',
      `both were active: ${text}`,
      'See that each hears the VRRP of the other (protocol 112, to ff02::12).',
    );
  }
  const mend = 'See why: journalctl -u keepalived, and "ip -br link" on the one in fault.';
  return (active === 1 ? warning : problem)('role', text, mend);
}
