import { routedUplinks } from '../routing.ts';
import { ok, warning, type Check } from './finding.ts';

/** Where networks have a choice of uplinks, it should be known which of them work. */
export const uplinks: Check = {
  id: 'uplinks',
  group: 'interfaces',
  needsConfig: true,
  judge(_, config) {
    const routed = routedUplinks(config);
    if (routed.length === 0) return [ok('uplinks', 'no network has a choice of uplinks')];
    return routed.map(({ uplink: { name, interface: at, health } }) => {
      const id = `uplinks:${name}`;
      if (health) return ok(id, `it is asked whether the Internet is reached through ${name}`);
      const found = `of ${name} only the cable of ${at} and its default route count, so a provider that fails behind them goes unseen`;
      return warning(id, found, `Add "health: {}" to ${name} in the configuration.`);
    });
  },
};
