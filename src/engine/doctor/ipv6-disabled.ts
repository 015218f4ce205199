import { setSetting } from './set-setting.ts';
import { ok, problem, type Check } from './finding.ts';
import { lanSubnets } from './lan-interfaces.ts';

const path = (name: string): string => `net/ipv6/conf/${name}/disable_ipv6`;

/** Where the setting is not there, the kernel runs without IPv6, and other checks say so. */
export const ipv6Disabled: Check = {
  id: 'ipv6-disabled',
  group: 'interfaces',
  needsConfig: true,
  judge({ settings }, config) {
    const names = [...config.uplinks, ...lanSubnets(config)].map((each) => each.interface);
    return [...new Set(names)].flatMap((name) => {
      const value = settings.get(path(name));
      if (value === undefined) return [];
      const id = `ipv6-disabled:${name}`;
      if (value === 0) return [ok(id, `IPv6 is on at ${name}`)];
      return [problem(id, `IPv6 is switched off at ${name}: it takes no address`, setSetting(path(name), 0))];
    });
  },
};
