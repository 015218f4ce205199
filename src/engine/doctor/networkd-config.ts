import { shellWord } from '../../core/shell-word.ts';
import { ok, problem, unknown, warning, type Check, type Finding } from './finding.ts';
import type { NetworkdFact } from './host-facts.ts';

/** Whether systemd-networkd serves the uplink, and its files make it ask for a prefix. */
export const networkdConfig: Check = {
  id: 'networkd-config',
  group: 'prefix',
  needsConfig: true,
  judge: ({ networkd }, config) =>
    config.uplinks.flatMap(({ interface: name, source }): Finding[] => {
      if (source.from !== 'networkd') return [];
      const id = `networkd-config:${name}`;
      if (!networkd.known) return [unknown(id, 'the files of systemd-networkd', networkd.why)];
      return [judge(id, name, networkd.value.get(name))];
    }),
};

/**
 * What makes networkd ask for a prefix (systemd.network(5), tried with 252 and 257).
 *
 * | DHCPv6Client= | DHCP=        | WithoutRA= | it asks                                                     |
 * |---------------|--------------|------------|-------------------------------------------------------------|
 * | always        |              |            | as soon as there is a router advertisement                  |
 * |               | yes, ipv6    | solicit    | at once                                                     |
 * | yes           |              |            | where an advertisement has the M flag; with O for no prefix |
 * | no            |              |            | never                                                       |
 */
function judge(id: string, name: string, fact: NetworkdFact | undefined): Finding {
  const generate = `sixgate generate uplink --for networkd --interface ${shellWord(name)} --length 56  # writes the lines that it needs`;
  if (!fact?.file) {
    const state = fact ? ` (${fact.state})` : '';
    return problem(id, `systemd-networkd has no .network file for ${name}${state}`, generate);
  }
  const { file, settings } = fact;
  const setting = (key: string): string => (settings.get(key) ?? '').toLowerCase();
  const isOff = (key: string): boolean => ['no', 'false', 'off', '0'].includes(setting(key));
  if (isOff('DHCPv6.UseDelegatedPrefix')) {
    return problem(id, `${file}: "UseDelegatedPrefix=${setting('DHCPv6.UseDelegatedPrefix')}" asks for no prefix`, 'Remove that line; then: networkctl reload'); // prettier-ignore
  }
  const always = setting('IPv6AcceptRA.DHCPv6Client') === 'always';
  const atOnce =
    ['yes', 'true', 'on', '1', 'ipv6'].includes(setting('Network.DHCP')) && setting('DHCPv6.WithoutRA') === 'solicit';
  if (always || atOnce) return ok(id, `${file} asks for a prefix on ${name}`);
  if (isOff('IPv6AcceptRA.DHCPv6Client')) return problem(id, `${file}: "DHCPv6Client=no" keeps DHCPv6 off`, generate);
  const found = `${file} asks for a prefix on ${name} only where a router advertisement has the M flag`;
  return warning(id, found, `Add "DHCPv6Client=always" to its section [IPv6AcceptRA]; then: networkctl reload`);
}
