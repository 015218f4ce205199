import { startAddressSource } from './address-source.ts';
import { startDhcpv6Sources } from './dhcpv6-sources.ts';
import { startEventSources } from './event-sources.ts';
import { startNetworkdSources } from './networkd-sources.ts';
import { startNetworkManagerSource } from './networkmanager-source.ts';
import { startRouteSource } from './route-source.ts';
import { startSixToFourSource } from './sixtofour-source.ts';
import type { Source, SourcesOptions } from './source.ts';

/** Starts what watches the uplinks' prefixes. Those that the configuration says need nobody. */
export function startSources(options: SourcesOptions): Source {
  const { host, config } = options;
  const sources: Source[] = [startEventSources(options), startNetworkdSources(options), startDhcpv6Sources(options)];
  for (const uplink of config.uplinks) {
    const { name, interface: at, source } = uplink;
    if (source.from === 'address') sources.push(startAddressSource(options, uplink));
    if (source.from === 'networkmanager') sources.push(startNetworkManagerSource(options, uplink));
    if (source.from === 'route') sources.push(startRouteSource(options, uplink));
    if (source.from !== '6to4' || !('of' in source)) continue;
    sources.push(
      startSixToFourSource({
        host,
        interface: at,
        of: source.of,
        held: () => options.held(name).map(({ prefix }) => prefix),
        onReport: (report) => options.onReport(name, report),
        onProblem: (problem) => options.onProblem(`6to4 ${name}`, problem),
      }),
    );
  }
  return {
    async stop(how) {
      await Promise.all(sources.map((source) => source.stop(how)));
    },
  };
}
