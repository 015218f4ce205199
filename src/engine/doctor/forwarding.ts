import { setSetting } from './set-setting.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';
import { lanSubnets } from './lan-interfaces.ts';

const path = (name: string): string => `net/ipv6/conf/${name}/forwarding`;

export const forwarding: Check = {
  id: 'forwarding',
  group: 'interfaces',
  needsConfig: true,
  judge: (facts, config) => [judgeAll(facts), ...lanSubnets(config).map((subnet) => judgeLan(facts, subnet.interface))],
};

function judgeAll({ settings }: HostFacts): Finding {
  const value = settings.get(path('all'));
  if (value === undefined) return unknown('forwarding', path('all'), 'there is no such setting');
  if (value !== 0) return ok('forwarding', 'this machine forwards IPv6');
  return problem('forwarding', 'this machine does not forward IPv6', setSetting(path('all'), 1));
}

/** The kernel asks `all` whether to forward; the interface's own setting decides whether it calls itself a router. */
function judgeLan({ settings }: HostFacts, name: string): Finding {
  const id = `forwarding:${name}`;
  const value = settings.get(path(name));
  if (value === undefined) return unknown(id, path(name), 'there is no such setting');
  if (value !== 0) return ok(id, `on ${name} this machine is a router`);
  const found = `on ${name} this machine says that it is no router, so hosts drop it as their gateway (RFC 4861 7.2.5)`;
  return warning(id, found, setSetting(path(name), 1));
}
