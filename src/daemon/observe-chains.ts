import { parseSave, saveCommand } from '../backend/ip6tables/parse-save.ts';
import { listLinks, parseLinks } from '../backend/bpf/detours.ts';
import { listTables, parseTableList } from '../backend/nft/parse-table.ts';
import { listRoutes, parseRoutes } from '../backend/route/routes.ts';
import { listRules, parseRules } from '../backend/route/rules.ts';
import type { Processes } from '../host/host.ts';
import { nothingWatched, readUplinks, type WatchedUplinks } from './read-uplinks.ts';
import { read } from './read-tool.ts';
import { isOwnTableName, nothing, type Observation } from './observe-kernel.ts';

/**
 * Reads our chains in ip6tables, and our routes and routing rules. It is whichever ip6tables the host's own is: to list a table of the other one would
 * put its hooks into the path of every packet for good. Of nftables only the held guard is looked for, where there is nft.
 */
export async function observeChains(
  processes: Processes,
  watched: WatchedUplinks = nothingWatched,
): Promise<Observation> {
  const [saved, routes, rules, links, names] = await Promise.all([
    read(processes, saveCommand, parseSave),
    read(processes, listRoutes, parseRoutes),
    read(processes, listRules, parseRules),
    read(processes, listLinks, parseLinks),
    read(processes, listTables, parseTableList),
  ]);
  if (!saved.known) return nothing(saved);
  if (!routes.known) return nothing(routes);
  if (!rules.known) return nothing(rules);
  if (!links.known) return nothing(links);
  const uplinks = await readUplinks(processes, watched, links.value);
  if (!uplinks.known) return nothing(uplinks);
  const { tables, counters } = saved.value;
  return {
    state: {
      known: true,
      value: { tables, routes: routes.value, ...(rules.value.length > 0 && { rules: rules.value }) },
    },
    links: links.value,
    uplinks: uplinks.value,
    counters,
    tableNames: names.known ? names.value.filter(isOwnTableName) : [],
    ...(!names.known && names.code !== 'tool-missing' && { namesUnknown: true }),
    chains: saved.value,
  };
}
