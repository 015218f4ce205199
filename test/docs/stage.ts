/** Where a page is played: machines by the names that its marks use. */
export interface Stage {
  /** Shell text, ended by its first failure; what it printed, errors too. */
  run(on: string, text: string): Promise<{ readonly code: number; readonly output: string }>;
  /** One that goes on until the stage ends. */
  start(on: string, text: string): Promise<void>;
  write(on: string, path: string, text: string): Promise<void>;
  /** What the reader does not see: what the provider does, a cable that is pulled. */
  act(words: readonly string[]): Promise<void>;
  end(): Promise<void>;
}
