import { bashCompletion } from './bash-completion.ts';
import { commandPage, pageFile, type Edition } from './command-page.ts';
import { everyCommand, type CommandEntry } from './command-tree.ts';
import { configPage, type ConfigSchema } from './config-page.ts';
import { fishCompletion } from './fish-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

export interface ManualFile {
  /** Below /usr/share. */
  readonly path: string;
  readonly text: string;
}

/** Every page and completion, from the one command tree and the one schema. */
export function manualFiles(
  tree: CommandEntry,
  schema: ConfigSchema,
  sample: string,
  edition: Edition,
): readonly ManualFile[] {
  return [
    ...everyCommand(tree).map((entry) => ({
      path: `man/${pageFile(entry)}`,
      text: `${commandPage(entry, tree.options, edition)}\n`,
    })),
    { path: 'man/man5/sixgate.yaml.5', text: `${configPage(schema, sample, edition)}\n` },
    { path: 'bash-completion/completions/sixgate', text: bashCompletion(tree) },
    { path: 'zsh/vendor-completions/_sixgate', text: zshCompletion(tree) },
    { path: 'fish/vendor_completions.d/sixgate.fish', text: fishCompletion(tree) },
  ];
}
