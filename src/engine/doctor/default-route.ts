import { ok, problem, unknown, type Check } from './finding.ts';

export const defaultRoute: Check = {
  id: 'default-route',
  group: 'interfaces',
  needsConfig: true,
  judge({ defaultRoutes }, config) {
    return config.uplinks.map(({ interface: name }) => {
      const id = `default-route:${name}`;
      if (!defaultRoutes.known) return unknown(id, 'the default route', defaultRoutes.why);
      const route = defaultRoutes.value.find((each) => each.interface === name);
      if (route) return ok(id, `there is a default route through ${name} (from ${route.protocol})`);
      const mend = 'See that router advertisements come and are accepted (accept_ra), or add a static default route.';
      return problem(id, `there is no default route through ${name}: nothing gets out`, mend);
    });
  },
};
