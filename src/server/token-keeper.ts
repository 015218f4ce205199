import type { Problem } from '../core/problem.ts';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Clock } from '../host/host.ts';
import { repeat } from '../host/repeat.ts';
import { readSecretFile } from '../host/secret-file.ts';

/** The token in a file, as it is now. */
export interface TokenKeeper {
  /** Null where the file holds none that may be used: then nobody is let in. */
  token(): string | null;
  stop(): void;
}

const lookEvery = 1000;
/** Shorter ones can be found by trying, or are words. */
const shortest = 32;

export async function readToken(path: string): Promise<Result<string>> {
  const read = await readSecretFile(path);
  if (!read.ok) return read;
  if (read.value.length >= shortest && /^[!-~]+$/.test(read.value)) return succeed(read.value);
  return fail({
    code: 'token-unusable',
    message: `${path} has no token in it: ${shortest} or more letters, digits and signs on one line are needed`,
    mend: `Make one: sixgate serve rotate-token --token-file ${path}`,
  });
}

/** Looks at the file every second. `onChange` hears of every other token, and of every problem once. */
export function keepToken(
  clock: Clock,
  path: string,
  first: string,
  onChange: (problem: Problem | undefined) => void,
): TokenKeeper {
  let token: string | null = first;
  const stop = repeat(clock, lookEvery, async () => {
    const read = await readToken(path);
    const next = read.ok ? read.value : null;
    if (next === token) return;
    token = next;
    onChange(read.ok ? undefined : read.problem);
  });
  return { token: () => token, stop };
}
