import { contains, formatPrefix, prefixOf } from '../../../core/prefix.ts';
import { setSetting } from '../set-setting.ts';
import { ok, problem, unknown, type Check, type Finding } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { sixRdPrefixOf } from './prefix-of-6rd.ts';
import { eachTunnel, type SeenTunnel } from './seen-tunnel.ts';

const setting = 'net/ipv6/conf/all/forwarding';

/** A LAN with a subnet of the tunnel's prefix needs a router. Of 6in4 it is not known here what the broker routes. */
export const tunnelForwarding: Check = {
  id: 'tunnel-forwarding',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) =>
    eachTunnel('tunnel-forwarding', facts, (seen, id) => (seen.kind === '6in4' ? [] : judge(facts, seen, id))),
};

function judge({ settings, tunnelling }: HostFacts, { tunnel, kind, elsewhere }: SeenTunnel, id: string): Finding {
  const { name, sixRd, local } = tunnel;
  const own = kind === '6rd' && local !== undefined ? sixRdPrefixOf(tunnel, local) : sixRd.prefix;
  const others = new Set(['lo', ...tunnelling.tunnels.map((each) => each.name)]);
  const lan = elsewhere.find((each) => !others.has(each.interface) && contains(own, each.address));
  if (!lan) return ok(id, `no LAN has a subnet of ${name}`);
  const what = `${lan.interface} has ${formatPrefix(prefixOf(lan.address, 64))} of the prefix of ${name}`;
  const value = settings.get(setting);
  if (value === undefined) return unknown(id, setting, 'there is no such setting');
  if (value !== 0) return ok(id, `${what}, and this machine forwards`);
  return problem(id, `${what}, and this machine does not forward IPv6`, setSetting(setting, 1));
}
