import { buildSync } from 'esbuild';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { repositoryRoot } from '../lab/repository.ts';
import type { FuzzOrder, FuzzOutcome } from './fuzz-worker.ts';

/** A case that has not ended by then never will. */
const patience = 20_000;

let bundle: string | undefined;

function bundleWorker(): string {
  const directory = join(repositoryRoot, '.cache/fuzz');
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, 'fuzz-worker.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  buildSync({
    entryPoints: [join(import.meta.dirname, 'fuzz-worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner,
  });
  return outfile;
}

/** Gives a target texts for so long, in a thread of its own, so that one that never ends can be told by its text. */
export async function fuzz(order: Omit<FuzzOrder, 'progress' | 'current'>): Promise<FuzzOutcome> {
  bundle ??= bundleWorker();
  const progress = new SharedArrayBuffer(8);
  const current = new SharedArrayBuffer(1 << 18);
  const worker = new Worker(bundle, {
    workerData: { ...order, progress, current } satisfies FuzzOrder,
    env: { ...process.env, FUZZ_SEEDS: join(import.meta.dirname, 'seeds') },
  });
  const seen = new Int32Array(progress);
  let last = -1;
  let since = performance.now();
  const outcome = await new Promise<FuzzOutcome>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    const watch = setInterval(() => {
      const cases = Atomics.load(seen, 0);
      if (cases !== last) {
        last = cases;
        since = performance.now();
      } else if (performance.now() - since > patience) {
        const text = String.fromCharCode(...new Uint16Array(current).subarray(0, Atomics.load(seen, 1)));
        resolve({
          cases,
          blocks: 0,
          corpus: 0,
          fault: { text, what: 'it never ends' },
          slowest: { text, milliseconds: Infinity },
        });
      }
    }, 500);
    worker.once('exit', () => clearInterval(watch));
  });
  await worker.terminate();
  return outcome;
}
