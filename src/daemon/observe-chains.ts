import { parseSave, saveCommand } from '../backend/ip6tables/parse-save.ts';
import { listLinks, parseLinks } from '../backend/bpf/detours.ts';
import { parseTableList } from '../backend/nft/parse-table.ts';
import { listRoutes, parseRoutes } from '../backend/route/routes.ts';
import type { Processes } from '../host/host.ts';
import { isOwnTableName, nothing, read, type Observation } from './observe-kernel.ts';

/**
 * Reads our chains in ip6tables, and our routes. It is whichever ip6tables the host's own is: to list a table of the other one would
 * put its hooks into the path of every packet for good. Of nftables only the held guard is looked for, where there is nft.
 */
export async function observeChains(processes: Processes): Promise<Observation> {
  const [saved, routes, links, names] = await Promise.all([
    read(processes, saveCommand, parseSave),
    read(processes, listRoutes, parseRoutes),
    read(processes, listLinks, parseLinks),
    read(processes, ['nft', 'list', 'tables'], parseTableList),
  ]);
  if (!saved.known) return nothing(saved);
  if (!routes.known) return nothing(routes);
  if (!links.known) return nothing(links);
  const { tables, counters } = saved.value;
  return {
    state: { known: true, value: { tables, routes: routes.value } },
    links: links.value,
    counters,
    tableNames: names.known ? names.value.filter(isOwnTableName) : [],
    chains: saved.value,
  };
}
