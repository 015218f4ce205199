import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BuiltPackage {
  readonly file: string;
  /** Its files as they would be on a machine. */
  readonly tree: string;
  /** The same as a higher version; its file. */
  next(): string;
  remove(): void;
}

/** Builds the package as `npm run build:deb` does, and unpacks it. */
export function buildPackage(): BuiltPackage {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-package-'));
  const printed = execFileSync(process.execPath, ['scripts/build-deb.mjs', '--out', directory], { encoding: 'utf8' });
  const file = join(directory, printed.trim().split('/').at(-1)!);
  const tree = join(directory, 'tree');
  execFileSync('dpkg-deb', ['-x', file, tree]);
  return {
    file,
    tree,
    next() {
      const raw = join(directory, 'next');
      execFileSync('dpkg-deb', ['-R', file, raw]);
      const control = join(raw, 'DEBIAN/control');
      writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*/m, '$&+next'));
      execFileSync('dpkg-deb', ['--root-owner-group', '--build', raw, `${raw}.deb`], { stdio: 'ignore' });
      return `${raw}.deb`;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
