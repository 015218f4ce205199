import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatPrefix } from '../../src/core/prefix.ts';
import { parseInterfaceName } from '../../src/core/interface-name.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { Source } from '../../src/daemon/sources/source.ts';
import { startSources } from '../../src/daemon/sources/sources.ts';
import { dhcpcdHookPath, dhcpcdUplink } from '../../src/generate/uplink/dhcpcd-uplink.ts';
import { parseDhcpcdVersion } from '../../src/generate/uplink/dhcpcd-version.ts';
import type { Host } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';
import type { Lab } from '../lab/lab.ts';
import { namespaceName } from '../lab/nodes.ts';

/** Starts dhcpcd on the router exactly as "generate uplink" says; only the places of hook and events are the lab's. */
export async function startGeneratedDhcpcd(lab: Lab, change = (conf: string) => conf): Promise<void> {
  const { shell } = lab.router;
  const version = parseDhcpcdVersion(await shell.exec(['dhcpcd', '--version']));
  const name = parseInterfaceName('eth0');
  if (!version.ok || !name.ok) throw new Error('no version of dhcpcd');
  const eventsDirectory = '/run/sixgate/events';
  const [conf, hook] = dhcpcdUplink({
    interface: name.value,
    length: 58,
    eventsDirectory,
    dhcpcdVersion: version.value,
  });
  const hookFile = join(shell.directory, 'dhcpcd-hook');
  writeFileSync(hookFile, hook!.text);
  chmodSync(hookFile, hook!.mode);
  await lab.router.startDhcpcd({ text: change(conf!.text.replaceAll(dhcpcdHookPath, hookFile)) });
}

export interface Heard {
  readonly at: number;
  readonly reason: string;
  readonly released: boolean;
  /** `PREFIX valid LIFETIME`. */
  readonly prefixes: readonly string[];
}

export interface SourceOnLab {
  readonly heard: readonly Heard[];
  readonly log: readonly string[];
  /** In force now. */
  readonly problems: ReadonlyMap<string, Problem>;
  stop(): Promise<void>;
}

/** The sources as the daemon starts them, in this process, for the router of the lab. */
export function startSourcesOnLab(lab: Lab): SourceOnLab {
  const { shell } = lab.router;
  const enter = ['ip', 'netns', 'exec', namespaceName(lab.name, 'router')] as const;
  const host: Host = {
    ...systemHost,
    processes: {
      ...systemHost.processes,
      follow: (command) => systemHost.processes.follow({ ...command, argv: [...enter, ...command.argv] }),
    },
  };
  const heard: Heard[] = [];
  const log: string[] = [];
  const problems = new Map<string, Problem>();
  const say = (line: string): void => void log.push(line);
  const sources: Source = startSources({
    held: () => [],
    kept: async () => {},
    host,
    config: {
      uplinks: [{ name: 'dsl', interface: 'eth0', source: { from: 'dhcpcd', length: 58 } }],
      networks: [],
      translations: [],
    },
    paths: { config: '', runtimeDir: shell.inside('/run/sixgate'), stateDir: '' },
    dhcpcdDir: shell.inside('/run/dhcpcd'),
    log: { info: say, warn: say, error: say },
    onReport: (_uplink, { reason, released, prefixes }) =>
      void heard.push({
        at: Date.now(),
        reason,
        released,
        prefixes: prefixes.map(({ prefix, validLifetime }) => `${formatPrefix(prefix)} valid ${validLifetime}`),
      }),
    onProblem(key, problem) {
      if (problem) problems.set(key, problem);
      else problems.delete(key);
    },
  });
  return { heard, log, problems, stop: () => sources.stop() };
}
