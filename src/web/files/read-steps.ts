import type { GeneratedFile } from '../../generate/generated-file.ts';

/** Something to be done, with the commands that do it. */
export interface Step {
  readonly text: string;
  readonly commands: readonly string[];
}

/**
 * What the heads of generated files say is to be done: the paragraph before a command, which stands in a comment behind five
 * blanks. The files are the only place where it is written, so the page cannot say anything else.
 */
export function readSteps(files: readonly GeneratedFile[]): Step[] {
  return files.flatMap(({ text, path }) => {
    const steps: Step[] = [];
    let paragraph: string[] = [];
    let commands: string[] = [];
    const finish = (): void => {
      if (commands.length > 0) steps.push({ text: tidy(paragraph.join(' '), path), commands });
      paragraph = [];
      commands = [];
    };
    for (const line of headOf(text)) {
      if (line.startsWith('    ')) commands.push(line.trim());
      else {
        if (commands.length > 0 || line === '') finish();
        if (line !== '') paragraph.push(line);
      }
    }
    finish();
    return steps;
  });
}

/** The first block of comment lines, without "# ". */
function headOf(text: string): string[] {
  const lines = text.replace(/^#!.*\n/, '').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines.slice(0, end < 0 ? undefined : end).map((line) => line.replace(/^# ?/, ''));
}

/** "Now:" alone says nothing without the file it stands in. */
function tidy(text: string, path: string): string {
  const bare = text.replace(/:$/, '');
  return bare === 'Now' || bare === '' ? `Put ${path} in force` : bare.replace(/\. Now$/, '.');
}
