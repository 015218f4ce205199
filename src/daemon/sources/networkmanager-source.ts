import { listAddresses } from '../../backend/ip/parse-address-prefixes.ts';
import { deriveNetworkManagerUplink } from '../../backend/networkmanager/networkmanager-uplink.ts';
import {
  askNetworkManager,
  listAllAddresses,
  parseNetworkManager,
} from '../../backend/networkmanager/parse-networkmanager.ts';
import type { Problem } from '../../core/problem.ts';
import type { Uplink } from '../../engine/config.ts';
import { describeNoPrefix } from '../../engine/networkmanager-device.ts';
import { keepFollowing } from '../keep-following.ts';
import { runTool } from '../run-tool.ts';
import { startLooking } from './looking.ts';
import type { Source, SourcesOptions } from './source.ts';
import { createStateTeller } from './state-teller.ts';

/** A renewal moves the lifetimes of an address, which the kernel tells; this is for what it does not. */
const interval = 60_000;
/** NetworkManager sets the address before it has finished with the rest. */
const settle = 500;

/** The prefix source `networkmanager`: nmcli names the prefix, the kernel wakes and has the lifetimes. */
export function startNetworkManagerSource(options: SourcesOptions, uplink: Uplink): Source {
  const { host, log } = options;
  const { source } = uplink;
  if (source.from !== 'networkmanager') throw new Error(`${uplink.name} is not from NetworkManager`);
  const { of } = source;
  const where = { interface: uplink.interface, ...source };
  const teller = createStateTeller(options, uplink.name);
  const say = (problem?: Problem): void => options.onProblem(`networkmanager ${uplink.name}`, problem);

  async function look(): Promise<void> {
    const asked = await runTool(host.processes, { argv: askNetworkManager(uplink.interface) });
    if (!asked.ok) return say(silent(asked.problem.message));
    const device = parseNetworkManager(asked.value.stdout);
    if (!device.known) return say({ code: 'client-missing', message: device.why });
    const all = await runTool(host.processes, { argv: listAllAddresses });
    if (!all.ok) return say({ code: 'kernel-unreadable', message: all.problem.message });
    // An interface that does not exist yet has no addresses.
    const shared = of === undefined ? undefined : await runTool(host.processes, { argv: listAddresses(of) });
    const derived = deriveNetworkManagerUplink(where, {
      device: device.value,
      allAddresses: all.value.stdout,
      sharedAddresses: shared?.ok ? shared.value.stdout : '[]',
      held: options.held(uplink.name),
      now: host.clock.now(),
    });
    if (!derived.ok) return say(derived.problem);
    say(
      derived.value.prefixes.length === 0 && derived.value.refused.length === 0
        ? describeNoPrefix(uplink.interface, where)
        : undefined,
    );
    teller.tell(derived.value);
  }

  const looking = startLooking(host.clock, look, { settle, every: interval });
  // Of any interface: which one shares the prefix is NetworkManager's business.
  const monitor = keepFollowing(
    host,
    ['ip', '-6', '-o', 'monitor', 'address', 'link'],
    () => looking.wake(),
    (how) => {
      log.warn(`the monitor of ${uplink.name}: ${how}; it is started again`);
      looking.wake();
    },
  );
  looking.wake();
  return {
    async stop() {
      await Promise.all([monitor.stop(), looking.stop()]);
    },
  };
}

function silent(why: string): Problem {
  return {
    code: 'client-missing',
    message: `NetworkManager does not answer: ${why}`,
    mend: 'Start it: systemctl start NetworkManager.',
  };
}
