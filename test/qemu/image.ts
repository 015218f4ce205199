import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked } from '../lab/run-command.ts';

const cache = process.env['SIXGATE_CACHE'] ?? '/var/cache/sixgate-test';
const shared = join(repositoryRoot, 'test/qemu/image/packages.bash');

/**
 * The directory that `recipe OUT NODE` filled. From the cache, where it lies under `name`; built anew when a recipe, Node or
 * the Debian release is another. A machine that is offline and has no image gets apt's own words.
 */
export async function readImage(name: string, recipe: string): Promise<string> {
  const node = realpathSync(process.execPath);
  const key = createHash('sha256')
    .update(readFileSync(recipe))
    .update(readFileSync(shared))
    .update(`${node} ${process.version} ${readFileSync('/etc/debian_version', 'utf8')}`)
    .digest('hex')
    .slice(0, 16);
  const directory = join(cache, `${name}-${key}`);
  if (existsSync(directory)) return directory;
  mkdirSync(cache, { recursive: true });
  const half = join(cache, `building-${process.pid}`);
  rmSync(half, { recursive: true, force: true });
  try {
    await runChecked([recipe, half, node], { timeout: 600_000 });
    for (const old of readdirSync(cache)) {
      if (old.startsWith(`${name}-`)) rmSync(join(cache, old), { recursive: true });
    }
    renameSync(half, directory);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return directory;
}
