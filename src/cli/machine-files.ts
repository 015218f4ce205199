import { createHash } from 'node:crypto';
import { eventsPath, radvdConfigPath, type Paths } from '../daemon/paths.ts';
import type { Config } from '../engine/config.ts';
import type { Prepared } from '../engine/setup/next-steps.ts';
import type { Setup } from '../engine/setup/setup.ts';
import type { SetupFacts } from '../engine/setup/setup-facts.ts';
import type { GeneratedFile } from '../generate/generated-file.ts';
import { deriveLanIntent } from '../generate/lan/lan-intent.ts';
import { lanTargets } from '../generate/lan/lan-targets.ts';
import { generateUplink } from '../generate/uplink/generate-uplink.ts';
import type { UplinkTarget } from '../generate/uplink/uplink-targets.ts';
import type { Host } from '../host/host.ts';
import { readDhcpcdVersion } from './read-dhcpcd-version.ts';

/** Files of one subject: all of them are written, or none. */
export interface MachineFiles {
  readonly subject: keyof Prepared;
  readonly files: readonly GeneratedFile[];
}

/**
 * What the DHCPv6 client and the inside interfaces need, where a file beside the admin's own does it without taking anything away. A file
 * for networkd would stand before the one that serves the interface already, one for netplan cannot say what a bridge is, and a second
 * stanza of ifupdown for the same interface fails: those are left to the admin.
 */
export async function machineFiles(
  host: Host,
  paths: Paths,
  { setup, facts, config }: { setup: Setup; facts: SetupFacts; config: Config },
): Promise<readonly MachineFiles[]> {
  const stanzas = facts.networkManager === 'ifupdown' ? await readStanzas(host) : undefined;
  const client = await clientFiles(host, paths, setup, stanzas);
  const lans = lanFiles(paths, facts, setup, config, stanzas);
  return [
    ...(client.length > 0 ? [{ subject: 'client', files: client } as const] : []),
    ...(lans.length > 0 ? [{ subject: 'lans', files: lans } as const] : []),
  ];
}

async function clientFiles(host: Host, paths: Paths, setup: Setup, stanzas?: Stanzas): Promise<GeneratedFile[]> {
  const { from, uplink, length, client = 'dhclient' } = setup;
  const generate = (target: UplinkTarget, more: object = {}): GeneratedFile[] => {
    const intent = { interface: uplink, length, ...more };
    const made = generateUplink(intent, { target, eventsDirectory: eventsPath(paths) });
    // Settings of the kernel are a file of the first question.
    return made.ok ? made.value.files.filter(({ path }) => !path.startsWith('/etc/sysctl.d/')) : [];
  };
  if (from === 'hook') return generate(client);
  if (from !== 'dhcpcd') return [];
  const version = await readDhcpcdVersion(host.processes);
  if (!version.ok) return [];
  const files = generate('dhcpcd', { dhcpcdVersion: version.value });
  return stanzas?.isFree(uplink) ? [...files, ...generate('ifupdown')] : files;
}

function lanFiles(
  paths: Paths,
  facts: SetupFacts,
  { lans }: Setup,
  config: Config,
  stanzas?: Stanzas,
): readonly GeneratedFile[] {
  const intent = deriveLanIntent(config, radvdConfigPath(paths));
  const isPlain = (name: string): boolean =>
    facts.interfaces.some((each) => each.name === name && (each.kind === null || each.kind === 'veth'));
  const all = (test: (name: string) => boolean): boolean => lans.every((lan) => test(lan.interface));
  if (stanzas && all(stanzas.isFree)) return lanTargets.ifupdown(intent);
  if (facts.networkManager === 'netplan' && all(isPlain)) return lanTargets.netplan(intent);
  return [];
}

interface Stanzas {
  /** No stanza of the admin gives this interface IPv6, and one in a file of ours would be read. */
  readonly isFree: (name: string) => boolean;
}

async function readStanzas({ files }: Host): Promise<Stanzas> {
  const directory = '/etc/network/interfaces.d';
  const main = await files.read('/etc/network/interfaces');
  const names = await files.list(directory);
  const others = (names.ok ? names.value : []).filter((name) => !name.startsWith('sixgate-'));
  const read = await Promise.all(others.map((name) => files.read(`${directory}/${name}`)));
  const texts = [main, ...read].flatMap((each) => (each.ok && each.value !== undefined ? [each.value] : []));
  const isRead = /^\s*source(-directory)?\s+(\/etc\/network\/)?interfaces\.d(\/\*)?\s*$/m.test(texts[0] ?? '');
  const complete = main.ok && names.ok && read.every(({ ok }) => ok);
  const taken = new Set(
    texts.flatMap((text) => [...text.matchAll(/^\s*iface\s+(\S+)\s+inet6\b/gm)].map((at) => at[1])),
  );
  return { isFree: (name) => complete && isRead && !taken.has(name) };
}

/** Whether a file is as the package that brought it has it: nobody has put anything of his own into it. */
export async function isUntouchedConffile({ processes }: Host, path: string, text: string): Promise<boolean> {
  const owner = await processes.run({ argv: ['dpkg-query', '-S', path] });
  const [name = ''] = owner.ok && owner.value.code === 0 ? owner.value.stdout.split(': ') : [];
  if (name === '') return false;
  const asked = await processes.run({ argv: ['dpkg-query', '-W', '-f=${Conffiles}\\n', name] });
  const md5 = createHash('md5').update(text).digest('hex');
  return asked.ok && asked.value.stdout.split('\n').some((line) => line.trim() === `${path} ${md5}`);
}
