import { buildSync } from 'esbuild';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository.ts';

/** Path of the probe program as one file that plain Node runs inside any namespace; built once a lab. */
export function probeProgram(labDirectory: string): string {
  const outfile = join(labDirectory, 'probe.mjs');
  if (!existsSync(outfile)) {
    buildSync({
      entryPoints: [join(repositoryRoot, 'test/lab/probe/main.ts')],
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
