import type { ConfigSource } from '../../config/read-yaml.ts';
import type { Problem } from '../../core/problem.ts';

/** What the daemon is asked over its socket. A stream that ends before `keep` was answered is a `back`. */
export type DaemonRequest =
  | { readonly ask: 'where' }
  /** `within`: after so many milliseconds without another word it goes back by itself. */
  | { readonly ask: 'try'; readonly sources: readonly ConfigSource[]; readonly within: number }
  | { readonly ask: 'keep' }
  | { readonly ask: 'back' };

export type DaemonAnswer =
  | { readonly is: 'here'; readonly config: string; readonly sources: readonly ConfigSource[] }
  | { readonly is: 'tried' | 'kept' | 'gone-back' }
  | { readonly is: 'refused'; readonly problem: Problem };

/** What another session asks of the one who keeps a trial. */
export type TrialRequest = { readonly ask: 'confirm' } | { readonly ask: 'cancel' };

/** How a trial went on. */
export type TrialEvent =
  | { readonly is: 'applied' }
  | { readonly is: 'confirmed'; readonly installed?: string }
  | { readonly is: 'rolled-back'; readonly because: string; readonly problems: readonly Problem[] }
  | { readonly is: 'failed'; readonly problem: Problem };

/** Undefined where a message is none of these. */
export function parseDaemonRequest(message: unknown): DaemonRequest | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { ask, sources, within } = message as Record<string, unknown>;
  if (ask === 'where' || ask === 'keep' || ask === 'back') return { ask };
  if (ask !== 'try' || !Array.isArray(sources) || !sources.every(isSource)) return undefined;
  if (typeof within !== 'number' || !Number.isFinite(within) || within < 0) return undefined;
  return { ask, sources: sources.map(({ name, text }) => ({ name, text })), within };
}

function isSource(value: unknown): value is ConfigSource {
  if (typeof value !== 'object' || value === null) return false;
  const { name, text } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof text === 'string';
}
