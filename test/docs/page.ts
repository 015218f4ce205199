/** A page of the documentation as what a test does with it, in order. */
export interface Page {
  readonly path: string;
  /** What it is played on, and with which settings; none where nothing in it is run. */
  readonly stage: { readonly name: string; readonly settings: Readonly<Record<string, string>> } | undefined;
  readonly steps: readonly Step[];
  /** What is wrong with the marks. */
  readonly faults: readonly string[];
}

export type Step = {
  /** Of the fence, from 1. */
  readonly line: number;
} & (
  | {
      readonly do: 'run';
      readonly on: string;
      readonly text: string;
      readonly exit: number;
      /** Asked again until it says what is shown. */
      readonly wait: boolean;
      readonly shown: Shown | undefined;
    }
  | { readonly do: 'start'; readonly on: string; readonly text: string }
  | { readonly do: 'write'; readonly on: string; readonly path: string; readonly text: string }
  | { readonly do: 'elsewhere'; readonly place: string }
  | { readonly do: 'install'; readonly packages: readonly string[] }
  | { readonly do: 'act'; readonly words: readonly string[] }
);

/** What a page says that a command prints. */
export interface Shown {
  /** Of the fence, from 1. */
  readonly line: number;
  readonly text: string;
  readonly vary: readonly string[];
}
