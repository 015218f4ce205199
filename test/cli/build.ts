import { execFileSync } from 'node:child_process';

/** Before the tests that start bin/sixgate: what it runs is built from the sources as they are. */
export function setup(): void {
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' });
}
