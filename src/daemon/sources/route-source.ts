import { listClientRoutes, parseClientRoutes } from '../../backend/route/parse-client-routes.ts';
import { routeProtocol } from '../../backend/route/routes.ts';
import type { Uplink } from '../../engine/config.ts';
import { keepFollowing } from '../keep-following.ts';
import { runTool } from '../run-tool.ts';
import { startLooking } from './looking.ts';
import type { Source, SourcesOptions } from './source.ts';
import { createStateTeller } from './state-teller.ts';

/** A client takes the old route away and adds the new one in two steps; then both have been seen. In milliseconds. */
const settle = 200;

/** The prefix source `route`: the unreachable route that some client leaves for what it was delegated. */
export function startRouteSource(options: SourcesOptions, uplink: Uplink): Source {
  const { host } = options;
  const { source } = uplink;
  if (source.from !== 'route') throw new Error(`${uplink.name} is not from a route`);
  const teller = createStateTeller(options, uplink.name);
  const looking = startLooking(
    host.clock,
    async () => {
      const output = await runTool(host.processes, { argv: listClientRoutes });
      const state = output.ok
        ? parseClientRoutes(output.value.stdout, { interface: uplink.interface, ...source })
        : { known: false as const, why: output.problem.message };
      const message = state.known
        ? ''
        : `the routes of the DHCPv6 client of ${uplink.name} could not be read: ${state.why}`;
      options.onProblem(`route ${uplink.name}`, state.known ? undefined : { code: 'kernel-unreadable', message });
      if (state.known) teller.tell(state.value);
    },
    { settle },
  );
  const monitor = keepFollowing(
    host,
    ['ip', '-N', '-6', '-o', 'monitor', 'route'],
    (line) => {
      // RTN_UNREACHABLE is 7; ours are none of this.
      if (/^(Deleted )?7 /.test(line) && !line.includes(` proto ${routeProtocol} `)) looking.wake();
    },
    () => looking.wake(),
    () => looking.wake(),
  );
  looking.wake();
  return {
    async stop() {
      await Promise.all([monitor.stop(), looking.stop()]);
    },
  };
}
