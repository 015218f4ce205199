import { join } from 'node:path';
import type { GroupedFinding } from '../../src/engine/doctor/checks.ts';
import type { Lab } from '../lab/lab.ts';
import { repositoryRoot } from '../lab/repository.ts';

/** What `sixgate doctor` finds on the router, as `result: found` by id; `path` is a directory before the others of PATH. */
export async function askDoctor(lab: Lab, path: string): Promise<Record<string, string>> {
  const program = join(repositoryRoot, 'bin/sixgate');
  const argv = [
    'env',
    `PATH=${path}:${process.env['PATH']}`,
    program,
    'doctor',
    '--json',
    ...lab.router.sixgatePaths(),
  ];
  const { stdout, stderr } = await lab.router.shell.attempt(argv);
  if (stderr !== '') throw new Error(stderr);
  const { checks } = JSON.parse(stdout) as { checks: readonly GroupedFinding[] };
  return Object.fromEntries(checks.map(({ id, result, found }) => [id, `${result}: ${found}`]));
}

/** Has the router read these directories as the tree does, so that the doctor sees what the client sees. */
export async function showTree(lab: Lab, ...directories: string[]): Promise<void> {
  for (const directory of directories) {
    const own = `/run/tree/root${directory}`;
    const script = `mkdir -p ${own} ${directory}; mount --bind ${own} ${directory}`;
    await lab.router.shell.exec(['sh', '-e', '-c', script]);
  }
}
