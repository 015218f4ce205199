import { dirname, join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { labNodes, type LabNode } from '../lab/nodes.ts';
import { startEcho } from '../lab/probes.ts';
import { repositoryRoot } from '../lab/repository.ts';
import type { Stage } from './stage.ts';

/** `sixgate`, and a systemctl that does what units say. */
const path = ['bin', 'test/docs'].map((each) => join(repositoryRoot, each)).join(':') + `:${process.env['PATH'] ?? ''}`;

/**
 * The lab: a provider, a router, hosts on two LANs and a server on the Internet. Its router has the paths that a reader's has:
 * /etc, /run and /var/lib are its own.
 */
export class LabStage implements Stage {
  readonly #lab: Lab;
  readonly #started: { readonly on: string; readonly process: LabProcess }[] = [];

  private constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** `length` of what is delegated; `delegating=no`: a provider with nothing but a /64 on the link; `routers=2`: two that take turns;
   * `providers=2`: the second one on eth3. */
  static async build(name: string, settings: Readonly<Record<string, string>>): Promise<LabStage> {
    const lab = await Lab.start({
      name,
      length: Number(settings['length'] ?? 58),
      ...(settings['providers'] === '2' && { secondProvider: true }),
      ...(settings['routers'] === '2' && { secondRouter: 'twin' }),
    });
    const stage = new LabStage(lab);
    try {
      for (const router of stage.#routers()) await lab.exec(router, ['sh', '-ec', ownState]);
      if (settings['delegating'] === 'no') await lab.provider.configureKea({ delegating: false });
      await startEcho(lab, 'server');
      return stage;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  async run(on: string, text: string): Promise<{ code: number; output: string }> {
    const shell = this.#lab.shell(nodeCalled(on));
    const { code, stdout } = await shell.attempt(['sh', '-ec', `exec 2>&1\n${text}`], {
      timeout: 60_000,
      env: this.#env(shell.directory),
    });
    return { code, output: stdout };
  }

  async start(on: string, text: string): Promise<void> {
    const shell = this.#lab.shell(nodeCalled(on));
    const label = `guide-${this.#started.length}`;
    const process = shell.spawn(['sh', '-ec', `exec ${text.trim()}`], { label, env: this.#env(shell.directory) });
    this.#started.push({ on, process });
    return Promise.resolve();
  }

  async write(on: string, file: string, text: string): Promise<void> {
    const inside = this.#lab.shell(nodeCalled(on)).inside(file);
    mkdirSync(dirname(inside), { recursive: true });
    writeFileSync(inside, text);
    return Promise.resolve();
  }

  async act([what, ...words]: readonly string[]): Promise<void> {
    const { provider } = this.#lab;
    switch (what) {
      case 'renumber':
        await provider.renumber({ site: Number(words[0]), old: words[1] === 'gently' ? 'valid' : 'dead' });
        return;
      case 'cut-off':
        // The first provider's line stays up, and the Internet behind it is gone.
        await provider.cutOff(words[0] !== 'over');
        return;
      case 'mute':
        await provider.mute(words[0] !== 'off');
        return;
      case 'run':
        // What happened before, as to the reader: `run router rm -r /var/lib/sixgate`.
        await this.run(words[0] ?? '', words.slice(1).join(' '));
        return;
      case 'cut':
      case 'plug': {
        const change = what === 'cut' ? 'down' : 'up';
        const links = ['eth0', 'eth1', 'eth2'].map((link) => `link set ${link} ${change}\n`).join('');
        await this.#lab.exec(nodeCalled(words[0] ?? ''), ['ip', '-batch', '-'], { input: links });
        return;
      }
      case 'copy': {
        const [from = '', to = '', file = ''] = words;
        await this.write(to, file, await this.#lab.exec(nodeCalled(from), ['cat', file]));
        return;
      }
      case 'wait':
        await new Promise((resolve) => setTimeout(resolve, Number(words[0]) * 1000));
        return;
      case 'stop':
        // The last that was started there, as by Ctrl-C.
        await this.#started.findLast(({ on, process }) => on === words[0] && process.running())?.process.stop();
        return;
      default:
        throw new Error(`the lab cannot "${what}"`);
    }
  }

  /** What systemctl started is in nobody's books but its own. */
  async end(): Promise<void> {
    for (const router of this.#routers()) {
      await this.#lab.shell(router).attempt(['sh', '-c', 'cat /run/units/* | xargs -r kill']);
    }
    await this.#lab.stop();
  }

  #routers(): LabNode[] {
    return this.#lab.router2 ? ['router', 'router2'] : ['router'];
  }

  #env(logs: string): Record<string, string> {
    return {
      PATH: path,
      NO_COLOR: '1',
      TERM: 'dumb',
      SIXGATE_UNITS: join(repositoryRoot, 'packaging/systemd'),
      SIXGATE_LOGS: logs,
    };
  }
}

function nodeCalled(name: string): LabNode {
  const node = labNodes.find((each) => each === name);
  if (!node) throw new Error(`no machine of the lab is called ${name}`);
  return node;
}

const ownState = `
mkdir -p /run/lab/var /run/lab/varwork
mount -t overlay overlay -o lowerdir=/var/lib,upperdir=/run/lab/var,workdir=/run/lab/varwork /var/lib
rm -rf /etc/sixgate /var/lib/sixgate /var/lib/dhcpcd /etc/dhcpcd.conf
mkdir -p /var/lib/dhcpcd
`;
