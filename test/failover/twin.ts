import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../src/engine/report.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { repositoryRoot } from '../lab/repository.ts';
import type { Router } from '../lab/router.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from '../lab/wait-until.ts';

export const sharedMac = '02:00:00:00:aa:01';
/** In milliseconds; keepalived notices a dead twin after 3.2 of them. */
export const advertInterval = 40;
export const firstGateway = 'fd12:3456:789a::1';

/** What asks for the prefix: dhcpcd, started by the script, or the daemon itself. */
export type TwinClient = 'dhcpcd' | 'own';

const twinConfig = (client: TwinClient): string => `
uplinks:
  dsl:
    interface: wan0
    prefix: ${client === 'dhcpcd' ? '{ from: dhcpcd, length: 58 }' : '{ from: dhcpv6, length: 58, stateless: true }'}
networks:
  home:
    prefix: fd12:3456:789a::/58
    subnets:
      lan:     { id: 0, interface: eth1 }
      servers: { id: 1, interface: eth2 }
translate:
  - { network: home, uplink: dsl }
failover: { by: keepalived }
`;

/** One of two routers, as its generated files say: what systemd would do with them is done here. */
export class Twin {
  readonly router: Router;
  readonly name: 'router' | 'router2';
  readonly #lab: string;
  readonly #client: TwinClient;
  #keepalived: LabProcess | undefined;
  #daemon: LabProcess | undefined;
  #after: Promise<void> = Promise.resolve();
  #powered = true;
  #wanted = false;
  /** Resolves when the daemon that was killed is gone: the next one would find it running. */
  #killed: Promise<unknown> = Promise.resolve();
  #syncFlows = false;

  constructor(lab: Lab, name: Twin['name'], client: TwinClient) {
    this.#lab = lab.name;
    this.#client = client;
    this.router = lab[name]!;
    this.name = name;
  }

  get daemon(): LabProcess {
    if (!this.#daemon) throw new Error('no daemon');
    return this.#daemon;
  }

  get keepalived(): LabProcess {
    if (!this.#keepalived) throw new Error('no keepalived');
    return this.#keepalived;
  }

  async install(syncFlows = false): Promise<void> {
    const { shell } = this.router;
    const stand = join(repositoryRoot, 'test/failover/systemctl.sh');
    await shell.exec(['mount', '--bind', stand, '/usr/bin/systemctl']);
    const values = {
      interface: 'eth0',
      mac: sharedMac,
      lan: [`eth1=${firstGateway}/64`, 'eth2=fd12:3456:789a:1::1/64'],
      advertInterval,
      syncFlows,
      ...(this.#client === 'dhcpcd' ? { length: 58 } : { client: 'none' }),
    };
    const intent = join(shell.directory, 'failover.json');
    writeFileSync(intent, JSON.stringify(values));
    const what = ['generate', 'failover', '--for', 'keepalived', '--intent', intent, '--out', '/', '--force'];
    const written = await this.router.sixgate(...what);
    if (written.code !== 0) throw new Error(written.stderr);
    this.#syncFlows = syncFlows;
  }

  /** What systemd does at boot. */
  async boot(): Promise<void> {
    await this.#killed;
    this.startDaemon();
    if (this.#syncFlows) this.router.shell.spawn(['conntrackd'], { label: 'conntrackd' });
    await this.startKeepalived();
  }

  startDaemon(): void {
    this.#daemon = this.router.startSixgate(twinConfig(this.#client));
  }

  /** Resolves when it was started; from then on it is started again whenever it ends, as Restart=always says. */
  async startKeepalived(): Promise<void> {
    await this.#after;
    this.#wanted = true;
    await this.#spawnKeepalived();
  }

  async #spawnKeepalived(): Promise<void> {
    const { shell } = this.router;
    await this.#runLine('ExecStartPre');
    const keepalived = shell.spawn(['keepalived', '--dont-fork', '--log-console', '--log-detail'], {
      label: 'keepalived',
      env: { SIXGATE_LAB_LOG: join(shell.directory, 'dhcpcd.log') },
    });
    this.#keepalived = keepalived;
    this.#after = keepalived.exited.then(() => this.#ended()).catch(() => {}); // the lab is gone
  }

  /** It takes one that was killed and is not yet quite gone for another one, and ends then: so it may take a few times. */
  async #ended(): Promise<void> {
    if (this.#powered) await this.#runLine('ExecStopPost');
    if (!this.#wanted) return;
    await sleep(200);
    if (this.#wanted) await this.#spawnKeepalived();
  }

  /** Starts what does not run. */
  async revive(): Promise<void> {
    if (!this.#powered) await this.powerOn();
    if (!this.daemon.running()) this.startDaemon();
    if (!this.keepalived.running() && !this.#wanted) await this.startKeepalived();
  }

  /** `systemctl stop keepalived`. */
  async stopKeepalived(): Promise<void> {
    this.#wanted = false;
    this.keepalived.signal('SIGTERM');
    await this.#after;
  }

  /** By the file of the generated service. */
  async #runLine(key: string): Promise<void> {
    const { shell } = this.router;
    const unit = readFileSync(shell.inside('/etc/systemd/system/keepalived.service.d/sixgate.conf'), 'utf8');
    const line = new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
    if (line === undefined) throw new Error(`no ${key}`);
    await shell.exec(line.split(' '), { env: { SIXGATE_LAB_LOG: join(shell.directory, 'dhcpcd.log') } });
  }

  /** The part of keepalived that speaks VRRP; the other one starts it again. */
  killVrrp(): void {
    const child = processesOf(this.#lab, this.name, ['keepalived']).find((pid) => pid !== this.keepalived.pid);
    if (child === undefined) throw new Error('no child of keepalived');
    process.kill(child, 'SIGKILL');
  }

  /** SIGKILL to keepalived and its children, dhcpcd and its proxies, and sixgate. */
  killAll(): void {
    this.#wanted = false; // `boot` is what systemd does afterwards
    this.#killed = this.daemon.exited;
    const ours = processesOf(this.#lab, this.name, ['keepalived', 'dhcpcd']);
    // Children first: one whose parent dies says goodbye on some LANs before it is killed as well.
    for (const pid of [...ours.toSorted((one, other) => other - one), this.daemon.pid]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone already
      }
    }
  }

  /** All processes die and nobody looks after them; interfaces, rules and /run are as on a machine without power. */
  async powerOff(): Promise<void> {
    const links = ['eth0', 'eth1', 'eth2'].map((link) => `link set ${link} down\n`).join('');
    this.#powered = false;
    await this.router.shell.exec(['ip', '-batch', '-'], { input: links });
    this.killAll();
    await this.#after;
    const forget = [
      'ip link del wan0; nft flush ruleset; conntrack -F',
      'for at in eth1 eth2; do ip -6 addr flush dev $at; done; ip -6 route flush proto 66',
      'rm -rf /run/dhcpcd /run/keepalived /run/*.pid',
      `rm -rf '${join(this.router.shell.directory, 'run')}'`,
    ];
    await this.router.shell.attempt(['sh', '-c', forget.join('\n')]);
  }

  /** The interfaces as the system's own configuration brings them up. */
  async powerOn(): Promise<void> {
    const links = ['eth0', 'eth1', 'eth2'].map((link) => `link set ${link} up\n`).join('');
    await this.router.shell.exec(['ip', '-batch', '-'], { input: links });
    this.#powered = true;
  }

  stopped(): Promise<void> {
    return this.#after;
  }

  report(): Report | undefined {
    try {
      return JSON.parse(readFileSync(join(this.router.shell.directory, 'run/state.json'), 'utf8')) as Report;
    } catch {
      return undefined;
    }
  }

  async waitFor(state: 'active' | 'passive'): Promise<void> {
    const is = (): boolean => {
      const report = this.report();
      return report?.failover?.state === state && report.daemon.pid === this.#daemon?.pid;
    };
    await waitUntil(`${this.name} to be ${state}`, is, { timeout: 30_000 }).catch((error: unknown) => {
      const last = [this.daemon, this.keepalived].map((each) => `${each.running()} ${each.log().slice(-1500)}`);
      throw new Error(`${String(error)}\n${JSON.stringify(this.report()?.failover)}\n${last.join('\n')}`);
    });
  }
}
