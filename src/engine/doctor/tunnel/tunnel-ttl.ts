import { ok, warning, type Check } from '../finding.ts';
import { eachTunnel } from './seen-tunnel.ts';
import { changeTunnel } from './tunnel-commands.ts';

export const tunnelTtl: Check = {
  id: 'tunnel-ttl',
  group: 'tunnels',
  needsConfig: false,
  judge: (facts) =>
    eachTunnel('tunnel-ttl', facts, ({ tunnel: { name, ttl } }, id) => {
      if (ttl > 0) return ok(id, `packets of ${name} travel up to ${ttl} hops`);
      const found = `packets of ${name} travel as many hops of IPv4 as they have left of IPv6: those with few die underway, and traceroute shows the provider's routers`;
      return warning(id, found, changeTunnel(name, 'ttl 64'));
    }),
};
