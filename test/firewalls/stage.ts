import { join } from 'node:path';
import { debianTree } from '../lab/debian-tree.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { mountTree, type TreeOnRouter } from '../sources/tree-on-router.ts';
import { configText, startGuarded, waitForMapping } from '../translate/following.ts';
import { startPeers } from '../translate/peers.ts';
import { baseOf, talkOver } from '../translate/talk.ts';

export const releases = ['bookworm', 'trixie'] as const;
export type Release = (typeof releases)[number];

const packages = ['ufw', 'firewalld', 'dbus', 'nftables', 'iptables', 'iproute2', 'python3', 'kmod', 'procps'];
export const config = configText({ translation: 'allow: [{ to: "servers::10", tcp: [443], icmp: true }]' });

/** A router of the lab with the firewalls of a Debian release, of which a test starts the one that it is about. */
export interface Stage {
  readonly lab: Lab;
  readonly tree: TreeOnRouter;
  /** Runs a program of that release on the router; its standard output. */
  readonly run: (...argv: string[]) => Promise<string>;
  /** The same by a shell of that release. */
  readonly shell: (script: string) => Promise<string>;
  /** Until its guard stands; what is known of a prefix comes later. */
  startSixgate(text?: string): Promise<LabProcess>;
  sixgate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** What is not ours: tables of nftables, and what ip6tables and iptables save, without counters and dates. */
  foreign(): Promise<string>;
  readonly talk: (site: number) => Promise<(string | undefined)[]>;
  /** What doctor finds in the way, with what to do. */
  obstacles(): Promise<{ id: string; found: string; mend: string | null }[]>;
  renumber(site: number): Promise<void>;
  /** Packets with an inside source that came out of the WAN cable since the stage began. */
  leaked(): Promise<number>;
}

export async function startStage(name: string, release: Release): Promise<Stage> {
  const root = debianTree(release, 'firewalls', packages);
  if (root === undefined) throw new Error(`the packages of ${release} could not be fetched`);
  const lab = await Lab.start({ name });
  const tree = await mountTree(lab, root);
  await lab.exec('router', ['sh', '-e', '-c', install]);
  const own = ['nft', 'ip6tables', 'ip6tables-save', 'ip6tables-restore', 'ip6tables-nft-save', 'iptables'];
  const env = { PATH: `${tree.commands(...own)}:${process.env['PATH']}` };
  const peers = await startPeers(lab, ['server', 'lan1', 'lan2']);
  await Promise.all((['server', 'lan1', 'lan2'] as const).map((node) => peers[node].listen('tcp', 443)));
  const run = (...argv: string[]): Promise<string> =>
    lab.shell('router').exec(tree.argv('env', path, ...argv), { timeout: 120_000 });
  const shell = (script: string): Promise<string> => run('sh', '-e', '-c', script);

  async function sixgate(...args: string[]) {
    const argv = [join(repositoryRoot, 'bin/sixgate'), ...args, ...lab.router.sixgatePaths()];
    return lab.shell('router').attempt(['env', `PATH=${env.PATH}`, ...argv]);
  }

  return {
    lab,
    tree,
    run,
    shell,
    sixgate,
    startSixgate: (text = config) => startGuarded(lab, text, { env }),
    async foreign() {
      const list = (await shell('nft -s list ruleset')).split(/^(?=table )/m);
      return list.filter((table) => !/^table (inet|ip6|netdev) sixgate/.test(table)).join('');
    },
    talk: (site) => talkOver(peers, site),
    async obstacles() {
      const { stdout } = await sixgate('doctor', '--json');
      const { checks } = JSON.parse(stdout) as {
        checks: { id: string; result: string; found: string; mend: string }[];
      };
      return checks
        .filter(({ id, result }) => /^(firewall|foreign-nat|held-guard)/.test(id) && result !== 'ok')
        .map(({ id, found, mend }) => ({ id, found, mend }));
    },
    async renumber(site) {
      await lab.provider.renumber({ site });
      await waitForMapping(lab, (prefix) => prefix?.startsWith(baseOf(site)) ?? false);
    },
    leaked: async () => (await lab.provider.counters()).inside,
  };
}

const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** What dpkg would do when it sets the packages up. */
const install = `
root=/run/tree/root
for family in iptables ip6tables; do
  for tool in '' -save -restore; do ln -sf $family-nft$tool $root/usr/sbin/$family$tool; done
done
mkdir -p $root/etc/ufw /run/dbus
cp $root/usr/share/ufw/*.rules $root/usr/share/ufw/*.init $root/usr/share/ufw/ufw.conf $root/etc/ufw/
`;
