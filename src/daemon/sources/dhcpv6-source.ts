import { stepClient, wakeAt } from '../../backend/dhcpv6/client.ts';
import { problemOfClient } from '../../backend/dhcpv6/client-problem.ts';
import { newClient, type ClientEvent, type ClientState, type Lease } from '../../backend/dhcpv6/client-state.ts';
import type { MonitorLine } from '../../backend/parse-monitor-line.ts';
import { describeDuid } from '../../core/duid.ts';
import type { Problem } from '../../core/problem.ts';
import type { OwnClientSource } from '../../engine/config.ts';
import type { Delegation, LeaseReport } from '../../engine/delegation.ts';
import type { Host } from '../../host/host.ts';
import type { LinkIdentity } from '../../host/link-local.ts';
import type { Log } from '../log.ts';
import type { Paths } from '../paths.ts';
import { createAnnouncements } from './announcements.ts';
import { readIdentity } from './dhcpv6-identity.ts';
import { openDhcpv6Socket, type LinkAccess } from './dhcpv6-socket.ts';

export interface Dhcpv6SourceOptions {
  readonly host: Host;
  readonly access: LinkAccess;
  readonly paths: Paths;
  readonly interface: string;
  readonly source: OwnClientSource;
  /** Random bytes. */
  random(length: number): Uint8Array;
  /** What is held for the uplink now, from an earlier run. */
  held(): readonly Delegation[];
  readonly log: Log;
  onReport(report: LeaseReport): void;
  onProblem(problem: Problem | undefined): void;
}

export interface Dhcpv6Source {
  /** A line of what the kernel knew of this interface before the monitor began. */
  learn(line: MonitorLine): void;
  /** A line of the kernel's monitor about this interface. */
  note(line: MonitorLine): void;
  /** The interface may have changed. */
  look(): void;
  /** Asks all servers now. */
  kick(why: string): void;
  /** With `release` the prefixes are given back first, where there are any. */
  stop(release: boolean): Promise<void>;
}

/**
 * After how long a pause a router's mere presence makes a client ask that holds nothing, in milliseconds: the server is
 * silent, or it has no prefix. One that said how seldom it wants to be asked (SOL_MAX_RT) is asked by that alone.
 */
const presenceInterval = { silent: 10_000, denied: 60_000 };

/** How many kinds of refused messages are logged in a minute. */
const refusedLimit = 10;

/** The prefix source `dhcpv6` of one uplink: carries out what the client decides, and tells it what happens. */
export function startDhcpv6Source(options: Dhcpv6SourceOptions): Dhcpv6Source {
  const { host, log, interface: name, source } = options;
  const announcements = createAnnouncements();
  let state: ClientState | undefined;
  let stopped = false;
  let cancelTimer = (): void => {};
  let lastPresence = -Infinity;
  const refused = new Set<string>();
  let refusedSince = 0;
  let problems: { readonly socket?: Problem; readonly client?: Problem } = {};
  let onReleased = (): void => {};

  const socket = openDhcpv6Socket({
    host,
    access: options.access,
    interface: name,
    onDatagram: (bytes) => tell({ is: 'datagram', bytes }),
    onOpen: (identity) => void begin(identity),
    onLost(why) {
      log.info(`${name}: the DHCPv6 client waits for its interface (${why})`);
      tell({ is: 'link', up: false });
    },
    onProblem: (problem) => setProblems({ ...problems, socket: problem }),
  });

  async function begin(identity: LinkIdentity): Promise<void> {
    if (!state) {
      const duid = await readIdentity(source, { ...options, ...(identity.mac !== undefined && { mac: identity.mac }) });
      if (stopped) return;
      if (!duid.ok) return setProblems({ ...problems, client: duid.problem });
      const iaids = Array.from({ length: source.ias }, (_, index) => source.iaid + index);
      const { length, rapidCommit, firstOffer } = source;
      const settings = { interface: name, duid: duid.value, iaids, rapidCommit, firstOffer };
      const leases = source.stateless ? [] : options.held().map((delegation) => leaseOf(delegation, host));
      state = newClient({ ...settings, ...(length !== undefined && { length }) }, leases);
      log.info(`${name}: DHCPv6 client ${describeDuid(duid.value)}, IAID ${iaids.join(', ')}`);
    }
    tell({ is: 'link', up: true });
  }

  function tell(event: ClientEvent): void {
    if (!state) return;
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = options.random(5);
    const transactionId = (a << 16) | (b << 8) | c;
    const jitter = ((d << 8) | e) / 0x1_0000;
    const step = stepClient(state, event, { now: host.clock.monotonic(), transactionId, jitter });
    state = step.state;
    for (const effect of step.effects) {
      if (effect.do === 'send') socket.send(effect.bytes);
      else if (effect.do === 'report') options.onReport(effect.report);
      else if (effect.do === 'released') onReleased();
      else tellRefused(effect.problem);
    }
    const client = problemOfClient(state);
    if (client?.message !== problems.client?.message) setProblems({ ...problems, client });
    arm(wakeAt(state));
  }

  function arm(at: number): void {
    cancelTimer();
    cancelTimer = () => {};
    if (stopped || at === Infinity) return;
    cancelTimer = host.clock.after(Math.max(0, at - host.clock.monotonic()), () => tell({ is: 'timer' }));
  }

  /** A few kinds a minute, each once: who sends rubbish sends a lot of it. */
  function tellRefused({ message }: Problem): void {
    const now = host.clock.monotonic();
    if (now - refusedSince > 60_000) {
      refused.clear();
      refusedSince = now;
    }
    if (refused.size >= refusedLimit || refused.has(message)) return;
    refused.add(message);
    log.warn(`${name}: ${message}`);
  }

  function setProblems(next: { socket?: Problem | undefined; client?: Problem | undefined }): void {
    const { socket: ofSocket, client } = next;
    problems = { ...(ofSocket && { socket: ofSocket }), ...(client && { client }) };
    if (!stopped) options.onProblem(ofSocket ?? client);
  }

  function kick(why: string, until: 'answer' | 'change'): void {
    if (!state?.link) return;
    const before = state.sentAt.at(-1);
    tell({ is: 'kick', until });
    // Not where a storm of reasons is held back.
    if (state.sentAt.at(-1) !== before) log.info(`${name}: the DHCPv6 servers are asked now: ${why}`);
  }

  function hearPresence(): void {
    if (!state || state.leases.length > 0 || state.solMaxRt !== undefined) return;
    const now = host.clock.monotonic();
    const interval = state.denied ? presenceInterval.denied : presenceInterval.silent;
    if (now - lastPresence < interval || now - (state.sentAt.at(-1) ?? now) < interval) return;
    lastPresence = now;
    kick('a router is there and no prefix', 'answer');
  }

  return {
    learn: (line) => announcements.learn(line),
    note(line) {
      if (line.about === 'link') socket.look();
      const news = announcements.note(line);
      if (!news) return;
      // A carrier that is back opens the socket, and that asks by itself.
      if (news.is === 'carrier-back') return;
      if (news.is === 'new-prefix') kick(`a router announces ${news.prefix}`, 'change');
      else if (news.is === 'withdrawn') kick(`a router withdraws ${news.prefix}`, 'change');
      else hearPresence();
    },
    look: () => socket.look(),
    kick: (why) => kick(why, 'answer'),
    async stop(release) {
      if (release && state?.link) {
        await new Promise<void>((resolve) => {
          const cancel = host.clock.after(releasePatience, resolve);
          onReleased = () => {
            cancel();
            resolve();
          };
          tell({ is: 'release' });
        });
      }
      stopped = true;
      cancelTimer();
      await socket.close();
    },
  };
}

/** Nobody waits longer for the end of the daemon; the server learns of it by the end of the lease. */
const releasePatience = 1500;

/** What was held, with its deadlines on the clock that never jumps. */
function leaseOf({ iaid, prefix, preferredUntil, validUntil }: Delegation, { clock }: Host): Lease {
  const offset = clock.monotonic() - clock.now();
  return { iaid, prefix, preferredUntil: preferredUntil + offset, validUntil: validUntil + offset };
}
