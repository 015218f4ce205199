import { buildSync } from 'esbuild';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository.ts';

/** Path of a program as one file that plain Node runs inside any namespace; `main` is its source, built once a lab. */
export function bundleProgram(labDirectory: string, name: string, main: string): string {
  const outfile = join(labDirectory, `${name}.mjs`);
  if (!existsSync(outfile)) {
    buildSync({
      entryPoints: [join(repositoryRoot, main)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
    });
  }
  return outfile;
}
