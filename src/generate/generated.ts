import type { Problem } from '../core/problem.ts';
import type { Result } from '../core/result.ts';
import type { GeneratedFile } from './generated-file.ts';

/** What a generator made of an intent: files, or everything that is wrong with the intent. */
export type Generated = Result<GeneratedSet, readonly Problem[]>;

export interface GeneratedSet {
  readonly files: readonly GeneratedFile[];
  /** What works as it stands but is hardly meant for the real world. */
  readonly warnings: readonly Problem[];
  /** Paragraphs for who wants to know why the files are as they are. */
  readonly advice: readonly string[];
}
