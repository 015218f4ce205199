import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sixgate', 'unpacked');

/**
 * The root of a tree with these Debian packages unpacked, not installed: they would take over the network of this machine.
 * Fetched once; undefined where apt-get cannot.
 */
export function unpackedPackages(name: string, packages: readonly string[]): string | undefined {
  const tree = join(cache, name);
  if (existsSync(tree)) return tree;
  const fresh = `${tree}.${process.pid}`;
  const debs = join(fresh, 'debs');
  mkdirSync(debs, { recursive: true });
  const download = (): boolean =>
    spawnSync('apt-get', ['-q', 'download', ...packages], { cwd: debs, timeout: 60_000 }).status === 0;
  const known = (): boolean => spawnSync('apt-get', ['-qq', 'update'], { timeout: 60_000 }).status === 0;
  const fetched = download() || (known() && download());
  const done =
    fetched && readdirSync(debs).every((deb) => spawnSync('dpkg-deb', ['-x', join(debs, deb), fresh]).status === 0);
  if (done) {
    rmSync(debs, { recursive: true });
    // From Debian 13 on packages have everything below /usr, and the system has these links.
    for (const folder of ['bin', 'lib', 'sbin']) {
      if (!existsSync(join(fresh, folder))) symlinkSync(`usr/${folder}`, join(fresh, folder));
    }
    if (!existsSync(tree)) renameSync(fresh, tree);
  }
  rmSync(fresh, { recursive: true, force: true });
  return done ? tree : undefined;
}
