import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { startEcho } from '../lab/probes.ts';
import { compileSixgateConfig } from '../lab/sixgate-config.ts';
import { waitUntil } from '../lab/wait-until.ts';
import type { Claims } from './claims.ts';
import type { Narrator } from './narrator.ts';

/** Where the scenes play: the lab with the daemon in it, and what has been seen so far. */
export class Stage {
  readonly lab: Lab;
  readonly narrator: Narrator;
  readonly claims: Claims;
  /** The site whose prefix is delegated now. */
  site = 1;
  /** Delegated prefix now; empty before the first lease. */
  prefix = '';
  #daemon: LabProcess | undefined;

  private constructor(lab: Lab, narrator: Narrator, claims: Claims) {
    this.lab = lab;
    this.narrator = narrator;
    this.claims = claims;
  }

  static async build(narrator: Narrator, claims: Claims): Promise<Stage> {
    const lab = await Lab.start({ name: 'demo' });
    try {
      const stage = new Stage(lab, narrator, claims);
      await Promise.all((['server', 'lan1', 'lan1b', 'lan2'] as const).map((node) => startEcho(lab, node)));
      return stage;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  get daemon(): LabProcess {
    if (!this.#daemon) throw new Error('the daemon was not started');
    return this.#daemon;
  }

  /** Starts `sixgate run` and waits until its guard stands. */
  async startDaemon(): Promise<void> {
    const config = compileSixgateConfig({ translate: 'allow: [{ to: "servers::10", udp: [7777], icmp: true }]' });
    const daemon = this.lab.router.startSixgate(config);
    this.#daemon = daemon;
    await waitUntil('the guard', async () => {
      if (!daemon.running()) throw new Error(`sixgate ended:\n${daemon.log()}`);
      return (await this.lab.exec('router', ['nft', 'list', 'tables'])).includes('sixgate_guard');
    });
  }

  /** Waits until the rules hold this prefix, or, without one, until none is left. */
  async waitUntilMapped(prefix: string | undefined, timeout = 15_000): Promise<void> {
    const ask = async () => {
      const text = await this.lab.exec('router', ['nft', 'list', 'ruleset']);
      return prefix === undefined ? !text.includes('2001:db8:') : text.includes(prefix);
    };
    await waitUntil(prefix === undefined ? 'the end of the mapping' : `the mapping onto ${prefix}`, ask, { timeout });
  }

  /** The outside address of a host now: the inside subnet ID and interface identifier under the delegated prefix. */
  outside(subnet: 0 | 1, iid: string): string {
    return `${this.prefix.replace(/80::\/\d+$/, `8${subnet}`)}::${iid}`;
  }
}
