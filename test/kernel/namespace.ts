import { execFileSync } from 'node:child_process';
import type { Processes } from '../../src/host/host.ts';
import { systemProcesses } from '../../src/host/system-processes.ts';

/** A network namespace of the test's own, with `lo` up: nothing here touches the machine's. */
export interface Namespace {
  /** As `ip netns exec` takes it. */
  readonly name: string;
  readonly processes: Processes;
  /** Standard output; throws with standard error on any exit code but 0. */
  readonly exec: (argv: readonly string[], input?: string) => string;
  remove(): void;
}

let serial = 0;

/** `ip6tables`: which kind the command of that name is in there; the machine's own without it. */
export function makeNamespace({ ip6tables }: { ip6tables?: 'nft' | 'legacy' } = {}): Namespace {
  const name = `sg-kernel-${process.pid}-${serial++}`;
  const within = ['ip', 'netns', 'exec', name] as const;
  execFileSync('ip', ['netns', 'add', name]);
  const exec = (argv: readonly string[], input = ''): string =>
    execFileSync(within[0], [...within.slice(1), ...argv], { input, encoding: 'utf8', stdio: 'pipe' });
  exec(['ip', 'link', 'set', 'lo', 'up']);
  const there = ([tool, ...rest]: readonly [string, ...string[]]) => {
    const name =
      ip6tables === undefined ? tool : tool.replace(/^ip6tables(?=$|-(save|restore)$)/, `ip6tables-${ip6tables}`);
    return [...within, name, ...rest] as const;
  };
  return {
    name,
    exec,
    processes: {
      ...systemProcesses,
      run: (command) => systemProcesses.run({ ...command, argv: there(command.argv) }),
      keepReady: (argv) => systemProcesses.keepReady(there(argv)),
      follow: (command) => systemProcesses.follow({ ...command, argv: there(command.argv) }),
    },
    remove: () => void execFileSync('ip', ['netns', 'del', name]),
  };
}
