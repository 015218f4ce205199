import { Session } from 'node:inspector';
import { cpus, loadavg } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { createRandom } from '../faults/random.ts';
import { mutate } from './mutate.ts';
import { targets } from './targets.ts';

/** What a worker is told; shared memory holds how many cases it has begun and the text of the one it is at. */
export interface FuzzOrder {
  readonly target: string;
  readonly seed: number;
  readonly cases: number;
  readonly milliseconds: number;
  readonly progress: SharedArrayBuffer;
  readonly current: SharedArrayBuffer;
}

export interface FuzzOutcome {
  readonly cases: number;
  /** Blocks of the sources that cases reached. */
  readonly blocks: number;
  readonly corpus: number;
  /** What was broken, by the text that breaks it. */
  readonly fault?: { readonly text: string; readonly what: string };
  readonly slowest: { readonly text: string; readonly milliseconds: number };
}

/** No text of this size may take longer, three times in a row, in milliseconds; longer where others have the machine. */
const limits: Readonly<Record<string, number>> = { configuration: 1000 };
const usualLimit = 250;
const batch = 200;
const corpusLimit = 500;
/** Counting blocks costs most of the time: it guides the first cases, which find nearly all there is to find. */
const guided = { cases: 20_000, share: 0.35 };

const order = workerData as FuzzOrder;
const target = targets.find(({ name }) => name === order.target)!;
const { seeds, words = [] } = target;
const limit = (limits[order.target] ?? usualLimit) * Math.max(1, loadavg()[0]! / cpus().length);
const random = createRandom(order.seed);
const corpus = [...seeds];
const progress = new Int32Array(order.progress);
const current = new Uint16Array(order.current);
const coverage = startCoverage();
let slowest = { text: '', milliseconds: 0 };

/** Readers that make errors of their own make thousands of them. */
const usualStack = Error.stackTraceLimit;
Error.stackTraceLimit = 0;

/** What is thrown, with where. */
function explain(text: string): string {
  Error.stackTraceLimit = usualStack;
  try {
    target.check(text);
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return `${error.name}: ${error.message}\n${error.stack?.split('\n').slice(1, 5).join('\n')}`;
  }
  return 'it broke once, and not when it was read again';
}

/** Why this text breaks a promise. */
function tryOne(text: string): string | undefined {
  for (let index = 0; index < text.length; index++) current[index] = text.charCodeAt(index);
  Atomics.store(progress, 1, text.length);
  Atomics.add(progress, 0, 1);
  const start = performance.now();
  try {
    target.check(text);
  } catch {
    return explain(text);
  }
  const milliseconds = performance.now() - start;
  if (milliseconds > slowest.milliseconds) slowest = { text, milliseconds };
  return undefined;
}

/** Others on the machine make one slow case out of a fast one, but not three times. */
function isSlow(text: string): boolean {
  return [1, 2, 3].every(() => {
    const start = performance.now();
    target.check(text);
    return performance.now() - start > limit;
  });
}

function run(): FuzzOutcome {
  const start = performance.now();
  const end = start + order.milliseconds;
  let cases = 0;
  const outcome = (fault?: FuzzOutcome['fault']): FuzzOutcome => ({
    cases,
    blocks: coverage.blocks(),
    corpus: corpus.length,
    slowest,
    ...(fault && { fault }),
  });
  for (const text of seeds) {
    const what = tryOne(text);
    if (what !== undefined) return outcome({ text, what });
  }
  coverage.hasNews();
  while (cases < order.cases && performance.now() < end) {
    const texts: string[] = [];
    for (let count = 0; count < batch; count++) {
      const text = mutate(corpus, words, random);
      texts.push(text);
      const before = slowest.milliseconds;
      const what = tryOne(text);
      cases++;
      if (what !== undefined) return outcome({ text, what });
      if (slowest.milliseconds > Math.max(limit, before) && isSlow(text))
        return outcome({ text, what: `takes ${slowest.milliseconds} ms` });
    }
    // Some of these texts went where none was before: which ones is seen by reading them again.
    if (!coverage.counting) continue;
    if (coverage.hasNews()) corpus.push(...coverage.pickNew(texts, (text) => void tryOne(text)));
    const isEnough = cases >= guided.cases || corpus.length >= corpusLimit;
    if (isEnough || performance.now() - start > order.milliseconds * guided.share) coverage.stop();
  }
  return outcome();
}

/** Which blocks of the program were reached, by V8's own counters. */
function startCoverage() {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters?: object): unknown => {
    let answer: unknown;
    session.post(method, parameters, (_, result) => (answer = result));
    return answer;
  };
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const known = new Set<string>();
  let fresh = new Set<string>();
  /** Blocks that were reached since the last look. */
  function take(): string[] {
    const { result } = post('Profiler.takePreciseCoverage') as {
      result: { url: string; functions: { ranges: { startOffset: number; endOffset: number; count: number }[] }[] }[];
    };
    return result
      .filter(({ url }) => url.endsWith('fuzz-worker.mjs'))
      .flatMap(({ functions }) =>
        functions.flatMap(({ ranges }) =>
          ranges
            .filter(({ count }) => count > 0)
            .map(
              ({ startOffset, endOffset, count }) =>
                `${startOffset} ${endOffset} ${Math.min(3, Math.floor(Math.log2(count) / 4))}`,
            ),
        ),
      );
  }
  return {
    counting: true,
    stop(): void {
      this.counting = false;
      post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
    blocks: () => new Set([...known].map((block) => block.slice(0, -2))).size,
    hasNews(): boolean {
      fresh = new Set(take().filter((block) => !known.has(block)));
      for (const block of fresh) known.add(block);
      return fresh.size > 0;
    },
    /** The first ones of the texts to reach what was news. */
    pickNew(texts: readonly string[], read: (text: string) => void): string[] {
      return texts.filter((text) => {
        if (fresh.size === 0) return false;
        read(text);
        return take().filter((block) => fresh.delete(block)).length > 0;
      });
    },
  };
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
parentPort!.postMessage(run());
