import type { Config, Uplink } from '../engine/config.ts';
import { routedUplinks, watchedUplinks } from '../engine/routing.ts';
import { formatStoredHealth, parseStoredHealth } from '../engine/stored-health.ts';
import {
  healthDueAt,
  stepHealth,
  unknownHealth,
  type HealthEvent,
  type UplinkHealth,
} from '../engine/uplink-health.ts';
import { chooseProbeSource } from '../engine/probe-source.ts';
import type { Host } from '../host/host.ts';
import type { Log } from './log.ts';
import type { Observation } from './observe-kernel.ts';
import { healthPath, type Paths } from './paths.ts';
import { startProber, type Prober } from './prober.ts';

/** Knows which uplinks are up. */
export interface HealthKeeper {
  /** By the name of the uplink. */
  health(): ReadonlyMap<string, UplinkHealth>;
  /**
   * What a pass saw in the kernel; what could not be read is not seen. `repaired`: it was not as it should be, so that silence until now says
   * nothing of the line.
   */
  see(observation: Observation, repaired: boolean): void;
  /** Asks hosts on the Internet, or lets it be: a router that stands by asks nobody. */
  ask(on: boolean): void;
  reload(config: Config): void;
  stop(): void;
}

export async function readHealth(host: Host, paths: Paths): Promise<ReadonlyMap<string, UplinkHealth>> {
  const text = await host.files.read(healthPath(paths));
  return text.ok && text.value !== undefined ? parseStoredHealth(text.value, host.clock.now()) : new Map();
}

export async function createHealthKeeper(
  host: Host,
  paths: Paths,
  first: Config,
  log: Log,
  /** `turned`: an uplink went up or down. */
  onChange: (turned: boolean) => void,
  /** Resolves when no pass is under way. */
  settled: () => Promise<void>,
): Promise<HealthKeeper> {
  let config = first;
  const health = new Map(await readHealth(host, paths));
  const probers = new Map<string, Prober>();
  let seen: Observation | undefined;
  let repairedAt = -Infinity;
  let asking = false;
  let cancelLook = (): void => {};

  const linkOf = (uplink: Uplink) => seen?.uplinks.find((link) => link.interface === uplink.interface);

  function step(uplink: Uplink, event: HealthEvent): void {
    const now = host.clock.now();
    const before = health.get(uplink.name) ?? unknownHealth(now);
    const after = stepHealth(before, event, uplink.health, now);
    if (after === before) return;
    health.set(uplink.name, after);
    if (before.state !== after.state) {
      log.info(`uplink ${uplink.name} is ${after.state}: ${after.why}`);
      void store();
      onChange(true);
    } else if (before.unasked !== after.unasked || before.why !== after.why) onChange(false);
  }

  async function store(): Promise<void> {
    const written = await host.files.write(healthPath(paths), formatStoredHealth(health), 0o644);
    if (!written.ok) log.warn(written.problem.message);
  }

  function look(): void {
    cancelLook();
    let due = Infinity;
    for (const uplink of watchedUplinks(config)) {
      const link = linkOf(uplink);
      if (link) step(uplink, { is: 'link', link });
      const known = health.get(uplink.name);
      if (known) due = Math.min(due, healthDueAt(known, uplink.health));
    }
    const wait = due - host.clock.now();
    if (wait < Infinity) cancelLook = host.clock.after(Math.max(0, wait), look);
  }

  function turnProbers(): void {
    const wanted = asking ? watchedUplinks(config).filter((uplink) => uplink.health) : [];
    for (const [name, prober] of probers) {
      if (wanted.some((uplink) => uplink.name === name)) continue;
      prober.stop();
      probers.delete(name);
    }
    for (const uplink of wanted) {
      if (probers.has(uplink.name)) continue;
      const prober = startProber(host, uplink.health!, {
        from: () => {
          const link = linkOf(uplink);
          if (!link || !seen || link.condition !== 'ready') return undefined;
          const source = chooseProbeSource(config, uplink, link, seen.links);
          const mark = routedUplinks(config).find((routed) => routed.uplink.name === uplink.name)?.mark;
          return { interface: uplink.interface, source, mark };
        },
        known: () => health.get(uplink.name),
        async wasDisturbed(since) {
          await settled();
          return repairedAt >= since;
        },
        tell: (event) => step(uplink, event),
      });
      probers.set(uplink.name, prober);
    }
  }

  return {
    health: () => health,
    see(observation, repaired) {
      if (repaired) repairedAt = host.clock.monotonic();
      if (!observation.state.known) return;
      const ready = new Set(
        seen?.uplinks.filter(({ condition }) => condition === 'ready').map((link) => link.interface),
      );
      seen = observation;
      look();
      for (const uplink of watchedUplinks(config)) {
        if (linkOf(uplink)?.condition === 'ready' && !ready.has(uplink.interface)) probers.get(uplink.name)?.soon();
      }
    },
    ask(on) {
      asking = on;
      turnProbers();
    },
    reload(next) {
      config = next;
      for (const prober of probers.values()) prober.stop();
      probers.clear();
      const names = new Set(watchedUplinks(config).map(({ name }) => name));
      for (const name of health.keys()) if (!names.has(name)) health.delete(name);
      turnProbers();
    },
    stop() {
      cancelLook();
      for (const prober of probers.values()) prober.stop();
    },
  };
}
