import { parseTable } from '../../backend/nft/parse-table.ts';
import { compileTable } from '../../backend/nft/table.ts';
import { filterTable, filterTableKey } from '../../backend/xen/filter-table.ts';
import {
  listGuestAddresses,
  listGuestProxies,
  listGuestRoutes,
  parseGuestAddresses,
  parseGuestProxies,
  parseGuestRoutes,
} from '../../backend/xen/parse-guests.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { ObservedGuests } from '../../engine/xen/observed-guests.ts';
import type { Processes } from '../../host/host.ts';
import { runTool } from '../run-tool.ts';

/** Reads what of guests is in the kernel, all at once. */
export async function observeGuests(processes: Processes): Promise<Result<ObservedGuests>> {
  const [addresses, routes, proxies, filter] = await Promise.all([
    ask(processes, listGuestAddresses, parseGuestAddresses),
    ask(processes, listGuestRoutes, parseGuestRoutes),
    ask(processes, listGuestProxies, parseGuestProxies),
    observeFilter(processes),
  ]);
  if (!addresses.ok) return addresses;
  if (!routes.ok) return routes;
  if (!proxies.ok) return proxies;
  if (!filter.ok) return filter;
  return succeed({ addresses: addresses.value, routes: routes.value, proxies: proxies.value, ...filter.value });
}

async function observeFilter(processes: Processes): Promise<Result<Pick<ObservedGuests, 'filtered' | 'dropped'>>> {
  const argv = ['nft', '-j', 'list', 'table', ...filterTableKey.split(' ')] as [string, ...string[]];
  const none = { filtered: undefined, dropped: { forged: 0, posed: 0 } };
  const listed = await processes.run({ argv });
  if (!listed.ok) return listed;
  if (listed.value.stderr.includes('No such file or directory')) return succeed(none);
  const asked = listed.value.code === 0 ? succeed(listed.value) : await runTool(processes, { argv });
  if (!asked.ok) return asked;
  const table = parseTable(asked.value.stdout);
  if (!table.known) return unreadable(table);
  const { state, counters } = table.value;
  const dropped = { forged: counters.get('forged') ?? 0, posed: counters.get('posed') ?? 0 };
  const { structure } = compileTable(filterTable);
  if (state.structure.join('\n') !== structure.join('\n')) return succeed({ filtered: undefined, dropped });
  const names = (state.elements.get('vifs') ?? []).map((name) => name.replace(/^"(.*)"$/, '$1'));
  return succeed({ filtered: new Set(names), dropped });
}

async function ask<T>(
  processes: Processes,
  argv: readonly [string, ...string[]],
  parse: (text: string) => Read<T>,
): Promise<Result<T>> {
  const asked = await runTool(processes, { argv });
  if (!asked.ok) return asked;
  const read = parse(asked.value.stdout);
  return read.known ? succeed(read.value) : unreadable(read);
}

function unreadable({ why }: { readonly why: string }): Result<never> {
  return fail({ code: 'kernel-unreadable', message: why });
}
