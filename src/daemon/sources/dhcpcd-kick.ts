import type { Host } from '../../host/host.ts';
import { lockedPids } from '../locked-pids.ts';
import type { Log } from '../log.ts';

export interface KickOptions {
  readonly host: Host;
  /** Where dhcpcd keeps its process IDs, normally /run/dhcpcd. */
  readonly directory: string;
  readonly interface: string;
  readonly log: Log;
}

export interface Kick {
  /** Makes the client ask at once; `patience` in milliseconds waits whether an answer comes by itself. */
  kick(why: string, until: 'answer' | 'change', patience?: number): void;
  /** A report came: whether it shows other prefixes than the one before. */
  answered(changed: boolean): void;
  stop(): void;
}

/**
 * When to ask again, in milliseconds after the first time, for as long as the awaited answer has not come: the router
 * advertisement of a new prefix can be ahead of the provider's DHCPv6 server.
 */
const moments = [0, 100, 300, 1000, 3000, 10_000];

/** How many times a second another announced prefix starts a campaign anew. */
const restartLimit = 4;

/**
 * Makes dhcpcd ask its server now. SIGUSR1 sends the message of its state again at once: RENEW when bound, REBIND while
 * rebinding, SOLICIT while it looks for a server, backed off or not. A RENEW is for the server that the lease is from;
 * where nobody answers, SIGHUP rebinds, which any server may answer, or starts with a new SOLICIT (all measured with
 * 9.4.1). Not over the control socket: that takes one command in the life of a 9.4.1.
 */
export function createDhcpcdKick(options: KickOptions): Kick {
  const { host, log } = options;
  let campaign: { readonly why: string; until: 'answer' | 'change'; heard: boolean; begun: number } | undefined;
  let cancel = (): void => {};
  let restarts: number[] = [];

  function next(index: number): void {
    const current = campaign;
    const moment = moments[index];
    if (!current || moment === undefined) return end();
    void signal(current.heard || moment < 300 ? 'SIGUSR1' : 'SIGHUP', current.why, index);
    const following = moments[index + 1];
    cancel = following === undefined ? () => {} : host.clock.after(following - moment, () => next(index + 1));
    if (following === undefined) end();
  }

  function end(): void {
    cancel();
    campaign = undefined;
  }

  async function signal(name: 'SIGUSR1' | 'SIGHUP', why: string, index: number): Promise<void> {
    const pids = await findDhcpcd(host, options.directory, options.interface);
    const sent = pids.filter((pid) => host.processes.signal(pid, name));
    if (index === 0 && sent.length > 0) log.info(`${options.interface}: dhcpcd is asked to renew: ${why}`);
  }

  return {
    kick(why, until, patience = 0) {
      const now = host.clock.monotonic();
      if (campaign && now - campaign.begun < 1000) {
        // The same event in several words, or a storm: one campaign a second, with the stricter end. But a second
        // renumbering right after the first is news, a few times.
        if (until === 'change') campaign.until = until;
        restarts = restarts.filter((at) => now - at < 1000);
        const news = until === 'change' && why !== campaign.why && now - campaign.begun >= 50;
        if (!news || restarts.length >= restartLimit) return;
        restarts.push(now);
      }
      end();
      campaign = { why, until, heard: false, begun: now + patience };
      if (patience === 0) next(0);
      else cancel = host.clock.after(patience, () => next(0));
    },
    answered(changed) {
      if (!campaign) return;
      campaign.heard = true;
      if (changed || campaign.until === 'answer') end();
    },
    stop: end,
  };
}

/** The managers of this interface, by dhcpcd's pid files. */
function findDhcpcd(host: Host, directory: string, name: string): Promise<number[]> {
  return lockedPids(
    host,
    ['pid', `${name}-6.pid`, `${name}.pid`].map((file) => `${directory}/${file}`),
  );
}
