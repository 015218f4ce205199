import { dirname } from 'node:path';
import { ownTables } from './observe-kernel.ts';
import { delegationsPath, historyPath, hooksPath, statePath, type Paths } from './paths.ts';
import { findSecrets } from '../engine/bug-report/remove-secrets.ts';
import type { Command, Host } from '../host/host.ts';

/** A part of a report: what it is, and what was found, also where that is an error. */
export interface ReportSection {
  readonly title: string;
  readonly text: string;
}

export interface BugReportOptions {
  readonly lines: number;
  /** Instead of the journal. */
  readonly log?: string;
}

type Argv = Command['argv'];

const versionsOf: readonly Argv[] = [
  ['uname', '-srm'],
  ['nft', '--version'],
  ['ip', '-V'],
  ['conntrack', '--version'],
  ['ip6tables', '--version'],
  ['dhcpcd', '--version'],
  ['networkctl', '--version'],
  ['radvd', '--version'],
  ['keepalived', '--version'],
];

const ways: readonly Argv[] = [
  ['ip', '-br', 'link'],
  ['ip', '-6', 'address'],
  ['ip', '-6', 'rule'],
  ['ip', '-6', 'route', 'show', 'table', 'all'],
  ['ss', '-H', '-u', '-l', '-n', '-p', 'sport = 546'],
];

/** What a report has of the machine, besides what commands of ours print. Changes nothing. */
export async function readBugReport(
  host: Host,
  paths: Paths,
  { lines, log }: BugReportOptions,
): Promise<readonly ReportSection[]> {
  const { files } = host;
  const readText = async (path: string): Promise<string> => {
    const text = await files.read(path);
    return text.ok ? (text.value ?? 'it is not there') : text.problem.message;
  };
  const run = async (argv: Argv): Promise<string> => {
    const ended = await host.processes.run({ argv });
    if (!ended.ok) return ended.problem.message;
    const { code, stdout, stderr } = ended.value;
    return `${stdout}${stderr}${code === 0 ? '' : `(exit code ${code})`}`.trimEnd();
  };
  const runAll = async (commands: readonly Argv[]): Promise<string> =>
    (await Promise.all(commands.map(async (argv) => `$ ${argv.join(' ')}\n${await run(argv)}`))).join('\n');

  const [release, interfaces, hooks] = await Promise.all([
    readText('/etc/os-release'),
    files.list('/proc/sys/net/ipv6/conf'),
    files.list(hooksPath(paths)),
  ]);
  const settings = await Promise.all(
    (interfaces.ok ? interfaces.value : []).map(async (name) => {
      const values = ['forwarding', 'accept_ra', 'disable_ipv6'].map(async (setting) => {
        const value = await files.read(`/proc/sys/net/ipv6/conf/${name}/${setting}`);
        return `${setting}=${value.ok ? (value.value ?? '').trim() : '?'}`;
      });
      return `${name}: ${(await Promise.all(values)).join(' ')}`;
    }),
  );
  const conntrack = ['nf_conntrack_max', 'nf_conntrack_count', 'nf_conntrack_tcp_loose'].map(
    async (name) => `${name}: ${(await readText(`/proc/sys/net/netfilter/${name}`)).trim()}`,
  );
  const tables = ownTables.map((name) => ['nft', 'list', 'table', ...name.split(' ')] as [string, ...string[]]);
  const journal = [
    'journalctl',
    '-u',
    'sixgate',
    '-u',
    'sixgate-serve',
    '-n',
    String(lines),
    '--no-pager',
    '-o',
    'short-iso',
    '--no-hostname',
  ] as const;
  const end = async (path: string): Promise<string> =>
    (await readText(path)).trimEnd().split('\n').slice(-lines).join('\n');
  return [
    {
      title: 'system',
      text: release
        .split('\n')
        .filter((line) => line.startsWith('PRETTY_NAME'))
        .join(''),
    },
    { title: 'tools', text: await runAll(versionsOf) },
    { title: statePath(paths), text: await readText(statePath(paths)) },
    { title: delegationsPath(paths), text: await readText(delegationsPath(paths)) },
    { title: historyPath(paths), text: await readText(historyPath(paths)) },
    { title: hooksPath(paths), text: hooks.ok ? hooks.value.join('\n') : hooks.problem.message },
    { title: 'rules of ours', text: await runAll(tables) },
    { title: 'rules of ours in ip6tables', text: ownChains(await run(['ip6tables-save', '-c'])) },
    { title: 'tables of all', text: await run(['nft', 'list', 'tables']) },
    { title: 'interfaces and routes', text: await runAll(ways) },
    { title: 'settings of the kernel', text: [...settings, ...(await Promise.all(conntrack))].join('\n') },
    { title: 'log', text: await (log === undefined ? run(journal) : end(log)) },
  ];
}

function ownChains(saved: string): string {
  return saved
    .split('\n')
    .filter((line) => line.startsWith('*') || line.includes('SIXGATE'))
    .join('\n');
}

/** What is in the files that hold secrets: those that a configuration names, whatever its state, and the usual ones beside it. */
export async function readKnownSecrets(
  { files }: Host,
  { config }: Paths,
  texts: readonly string[],
): Promise<readonly string[]> {
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:\w+File|file):\s*["']?([^\s"',}]+)/g)].map((match) => match[1]!),
  );
  const directory = dirname(config);
  const beside = await files.list(directory);
  const usual = (beside.ok ? beside.value : []).filter((name) => /\.(key|password|secret|token)$|^token$/.test(name));
  const paths = [...named, ...usual.map((name) => `${directory}/${name}`)];
  const found = await Promise.all(
    paths.map(async (path) => {
      const text = await files.read(path);
      return text.ok && text.value !== undefined ? findSecrets(text.value) : [];
    }),
  );
  return found.flat();
}
