/** Writes docs/reference from the sources; a test holds both together. */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, '.cache/reference.cjs');
await build({
  entryPoints: [join(root, 'src/manual/reference/main.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
  define: { SIXGATE_VERSION: '""' },
});
process.exit(spawnSync(process.execPath, [program, root], { stdio: 'inherit' }).status ?? 1);
