import type { Uplink } from '../config.ts';
import { setSetting } from './set-setting.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';

const setting = (name: string, what: string): string => `net/ipv6/conf/${name}/${what}`;

/**
 * Who hears the provider's router advertisements, which bring the default route.
 *
 * | accept_ra | forwarding | the kernel                                       |
 * | --------- | ---------- | ------------------------------------------------ |
 * | 0         |            | does not hear them: dhcpcd or a static route has to |
 * | 1         | 0          | hears them                                       |
 * | 1         | 1          | does not                                         |
 * | 2         |            | hears them                                       |
 */
export const routerAdvertisements: Check = {
  id: 'accept-ra',
  group: 'interfaces',
  needsConfig: true,
  judge: (facts, config) => config.uplinks.map((uplink) => judgeUplink(facts, uplink)),
};

function judgeUplink(facts: HostFacts, uplink: Uplink): Finding {
  const name = uplink.interface;
  const id = `accept-ra:${name}`;
  const accept = facts.settings.get(setting(name, 'accept_ra'));
  const forward = facts.settings.get(setting(name, 'forwarding'));
  if (accept === undefined || forward === undefined) {
    return unknown(id, setting(name, 'accept_ra'), 'there is no such setting');
  }
  if (accept === 2 || (accept === 1 && forward === 0))
    return ok(id, `the kernel hears router advertisements on ${name}`);
  const mend = setSetting(setting(name, 'accept_ra'), 2);
  const unheard = `the kernel does not hear router advertisements on ${name} (accept_ra is ${accept} and it forwards)`;
  const routes = facts.defaultRoutes;
  if (!routes.known) return unknown(id, `${unheard}, and whether somebody else does`, routes.why);
  const route = routes.value.find((each) => each.interface === name);
  if (!route) return problem(id, `${unheard}, and there is no default route`, mend);
  if (route.protocol !== 'ra')
    return ok(id, `${name} needs no router advertisements: its default route is ${route.protocol}`);
  if (listensItself(uplink.source.from) && accept === 0)
    return ok(id, `${uplink.source.from} hears router advertisements on ${name}`);
  if (dhcpcdListens(facts, uplink)) return ok(id, `dhcpcd hears router advertisements on ${name}`);
  return warning(id, `${unheard}: the default route goes when its lifetime ends`, mend);
}

/** Those that set accept_ra to 0 on what they serve and do it themselves, always. */
function listensItself(from: string): boolean {
  return from === 'networkd' || from === 'networkmanager';
}

/** dhcpcd sets accept_ra to 0 and does it itself, unless it is told not to. */
function dhcpcdListens({ settings, dhcpcdConfig }: HostFacts, { interface: name, source }: Uplink): boolean {
  if (source.from !== 'dhcpcd' || settings.get(setting(name, 'accept_ra')) !== 0) return false;
  if (!dhcpcdConfig.known || !dhcpcdConfig.value) return true;
  return !dhcpcdConfig.value.options.some(
    (option) => option.name === 'noipv6rs' && (option.interface === undefined || option.interface === name),
  );
}
