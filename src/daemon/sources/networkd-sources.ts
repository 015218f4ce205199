import { deriveNetworkdUplink } from '../../backend/networkd/networkd-uplink.ts';
import { listNetworkd, parseNetworkd, type NetworkdState } from '../../backend/networkd/parse-networkd.ts';
import { routeProtocol } from '../../backend/route/routes.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import { keepFollowing } from '../keep-following.ts';
import { readUptime } from '../read-uptime.ts';
import { runTool } from '../run-tool.ts';
import { startLooking } from './looking.ts';
import type { Source, SourcesOptions } from './source.ts';
import { createStateTeller } from './state-teller.ts';

/** A renewal with the same prefix changes nothing in the kernel: deadlines are read this often. */
const interval = 60_000;
/** The kernel tells of a route before networkd has finished with it. */
const settle = 500;

/**
 * The prefix source `networkd`: one look asks for all uplinks. What the kernel tells only wakes: the unreachable route
 * that networkd puts under a delegated prefix, and the addresses and the carrier of the uplinks.
 */
export function startNetworkdSources(options: SourcesOptions): Source {
  const { host, log } = options;
  const uplinks = options.config.uplinks.filter(({ source }) => source.from === 'networkd');
  if (uplinks.length === 0) return { stop: async () => {} };
  const tellers = uplinks.map((uplink) => ({ uplink, teller: createStateTeller(options, uplink.name) }));

  async function read(): Promise<Result<NetworkdState>> {
    const output = await runTool(host.processes, { argv: listNetworkd });
    if (!output.ok) {
      const message = `systemd-networkd does not answer: ${output.problem.message}`;
      return fail({ code: 'client-missing', message, mend: 'Start it: systemctl start systemd-networkd.' });
    }
    const state = parseNetworkd(output.value.stdout, await readUptime(host));
    return state.known ? succeed(state.value) : fail({ code: 'client-missing', message: state.why });
  }

  const looking = startLooking(
    host.clock,
    async () => {
      const state = await read();
      for (const { uplink, teller } of tellers) {
        const derived = state.ok ? deriveNetworkdUplink(state.value, uplink.interface, uplinks.length === 1) : state;
        options.onProblem(`networkd ${uplink.name}`, derived.ok ? undefined : derived.problem);
        if (derived.ok) teller.tell(derived.value);
      }
    },
    { settle, every: interval },
  );
  const names = new Set(uplinks.map((uplink) => uplink.interface));
  const monitor = keepFollowing(
    host,
    ['ip', '-6', '-o', 'monitor', 'route', 'link', 'address'],
    (line) => {
      const words = line.split(/[\s:@]+/);
      const foreign = words.includes('unreachable') && !line.includes(` proto ${routeProtocol} `);
      if (foreign || words.some((word) => names.has(word))) looking.wake();
    },
    (how) => {
      log.warn(`the monitor of the uplinks of networkd had a gap: ${how}`);
      looking.wake();
    },
    () => looking.wake(),
  );
  looking.wake();
  return {
    async stop() {
      await Promise.all([monitor.stop(), looking.stop()]);
    },
  };
}
