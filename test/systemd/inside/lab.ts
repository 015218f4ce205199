import { readFileSync } from 'node:fs';
import type { FlowKind, FlowReport, ProbeJob } from '../../lab/probe/job.ts';
import { waitUntil } from '../../qemu/inside/wait-until.ts';
import { Place, type Started } from './place.ts';

/**
 *   provider (Kea, radvd, 2001:db8:ffff::80) ── wan0 this machine lan0 ── lan fd12:3456:789a::10, which pings all the time
 *
 * The cables are there before anything looks for them (`wires`); the rest is this machine's own configuration.
 */
export class Lab {
  readonly router = new Place('router');
  readonly lan = new Place('lan', 'lan');
  readonly provider = new Place('provider', 'provider');
  #echo: Promise<Started> | undefined;

  /** Packets that reached the provider since this boot: with an inside source, and with one out of what it delegated. */
  async arrived(): Promise<{ inside: number; translated: number }> {
    const text = await this.provider.sh('nft list counters table ip6 seen');
    const count = (name: string) => Number(new RegExp(`counter ${name} \\{\\s*packets (\\d+)`).exec(text)?.[1]);
    return { inside: count('inside'), translated: count('translated') };
  }

  /** Throws where a packet with an inside source has left since this boot. */
  async expectNoLeak(): Promise<void> {
    const { inside } = await this.arrived();
    if (inside !== 0) throw new Error(`${inside} packets with an inside source reached the provider`);
  }

  /** As `systemctl show` says it. */
  async show(unit: string, property: string): Promise<string> {
    return (await this.router.ok(['systemctl', 'show', unit, '-p', property, '--value'])).trim();
  }

  /** What the daemon last wrote of itself. */
  state(): DaemonState {
    return JSON.parse(readFileSync('/run/sixgate/state.json', 'utf8')) as DaemonState;
  }

  /** The daemon runs, with another process than this one, and the prefix is in force. */
  async untilInForce({ not, timeout = patience }: { not?: string; timeout?: number } = {}): Promise<string> {
    await waitUntil('the service is active', timeout, async () => {
      const active = await this.show('sixgate', 'ActiveState');
      const pid = await this.show('sixgate', 'MainPID');
      return active === 'active' && pid !== not ? undefined : `${active}, process ${pid}`;
    });
    let pid = '';
    await waitUntil('the prefix is in force', timeout, async () => {
      // Anew each time: a machine that is short of processor may have it started once more meanwhile.
      pid = await this.show('sixgate', 'MainPID');
      const { mappings, inForce, daemon, problems } = this.state();
      const mapped = mappings.some(({ outside }) => outside === delegated) && inForce;
      if (mapped && pid !== not && String(daemon.pid) === pid) return undefined;
      return `process ${pid}, ${JSON.stringify({ mappings, inForce, pid: daemon.pid, problems })}`;
    });
    return pid;
  }

  /** More answers come through to lan from the far side. */
  async untilAnswered(timeout = patience): Promise<void> {
    const { translated } = await this.arrived();
    await waitUntil('translated packets at the provider', timeout, async () => {
      const now = await this.arrived();
      return now.translated > translated + 5 ? undefined : `${now.translated} so far, ${translated} before`;
    });
  }

  /** Lines that the service wrote since this boot, with their priorities: 3 error, 4 warning, 6 information. */
  async journal(): Promise<{ priority: string; message: string }[]> {
    const text = await this.router.ok(
      'journalctl -b -u sixgate _COMM=node -o json --output-fields=PRIORITY,MESSAGE --no-pager'.split(' '),
    );
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { PRIORITY: string; MESSAGE: string })
      .map(({ PRIORITY, MESSAGE }) => ({ priority: PRIORITY, message: MESSAGE }));
  }

  /** Flows from lan to the far side, until their end is asked for. */
  async startFlows(flows: readonly FlowKind[], interval = 50): Promise<() => Promise<FlowReport[]>> {
    this.#echo ??= this.#startProbe(this.provider, { kind: 'echo', port: 7777 });
    await this.#echo;
    const job: ProbeJob = { kind: 'flows', target: farSide, port: 7777, flows, interval };
    const started = await this.#startProbe(this.lan, job);
    return async () => {
      started.signal('SIGTERM');
      await started.ended;
      return JSON.parse(started.output().trim().split('\n').at(-1) ?? '[]') as FlowReport[];
    };
  }

  async #startProbe(place: Place, job: ProbeJob): Promise<Started> {
    const started = place.start(['node', '/sixgate/probe.mjs', JSON.stringify(job)]);
    await waitUntil(`the ${job.kind} probe`, patience, async () => (started.output() === '' ? 'not ready' : undefined));
    return started;
  }
}

export interface DaemonState {
  readonly daemon: { readonly pid: number; readonly version: string; readonly guardHeld: boolean };
  readonly mappings: readonly { readonly inside: string; readonly outside: string }[];
  readonly inForce: boolean;
  readonly translations: readonly { readonly hairpin: boolean }[];
  readonly problems: readonly { readonly code: string; readonly message: string; readonly mend?: string }[];
}

/** Milliseconds; under emulation, and beside other tests, everything takes its time. */
export const patience = 300_000;

export const delegated = '2001:db8:a:aa80::/58';
export const farSide = '2001:db8:ffff::80';
export const inside = 'fd12:3456:789a::/58';
