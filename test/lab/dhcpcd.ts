import type { NodeShell } from './node-shell.ts';
import type { LabProcess } from './lab-process.ts';

export interface DhcpcdOptions {
  readonly length: number;
  /** Path of the hook script, `""` for none. */
  readonly script?: string;
  /** IAIDs to ask a prefix for; several: one prefix each. Default one, 1. */
  readonly iaids?: readonly number[];
  /** Without it dhcpcd waits up to a second before it speaks. Default true. */
  readonly nodelay?: boolean;
  /** Further lines before the interface block. */
  readonly globalLines?: readonly string[];
  /** Further lines within it. */
  readonly interfaceLines?: readonly string[];
}

/**
 * A dhcpcd.conf for the lab. `script` stands before the interface block: dhcpcd 9.1 and later refuse it within.
 * `noInterface` is how "to no interface" is written: `-` from 10 on, in 9 the name of one that does not exist.
 */
export function compileDhcpcdConfig(options: DhcpcdOptions, noInterface: string): string {
  const { length, script = '', iaids = [1], nodelay = true, globalLines = [], interfaceLines = [] } = options;
  return [
    'allowinterfaces eth0',
    'duid ll',
    'persistent',
    'option rapid_commit',
    `script ${script === '' ? '""' : script}`,
    ...(nodelay ? ['nodelay'] : []),
    ...globalLines,
    'interface eth0',
    '  ipv6only',
    '  noipv6rs',
    ...iaids.map((iaid) => `  ia_pd ${iaid}/::/${length} ${noInterface}`),
    ...interfaceLines.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** How the installed dhcpcd writes "delegate to no interface". */
export async function readNoInterfaceWord(shell: NodeShell, length: number): Promise<string> {
  const version = await shell.exec(['dhcpcd', '--version']);
  const major = Number(/dhcpcd (\d+)/.exec(version)?.[1] ?? Number.NaN);
  return major >= 10 ? '-' : `nosuch0/0/${length}`;
}

/** In the foreground with its debug log; `--nodev`, since it would wait for ever for a udev that is not there. */
export function startDhcpcd(shell: NodeShell, configPath: string): LabProcess {
  return shell.spawn(['dhcpcd', '-B', '-d', '--nodev', '-f', configPath], { label: 'dhcpcd' });
}
