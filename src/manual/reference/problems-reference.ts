import { problemCodes } from '../../core/problem-codes.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/problem-codes.md: the closed table of codes, with the first sentence that `errorsPage` says of each. */
export function problemsReference(errorsPage: string): string {
  return page(
    'Codes of problems',
    'Every problem has one of these codes, in messages, in `sixgate status --json`, in metrics and for hooks. They do not change their ' +
      'meaning. The exit code is that of a command which the problem stopped.',
    table(
      ['code', 'exit code', 'is'],
      Object.entries(problemCodes).map(([name, exit]) => [
        `[${code(name)}](../errors.md#${name})`,
        String(exit),
        firstSentence(errorsPage, name),
      ]),
    ),
  );
}

function firstSentence(text: string, name: string): string {
  const paragraph = new RegExp(`^### ${name}\\n\\n((?:.+\\n)+)`, 'm').exec(text)?.[1] ?? '';
  return /^.*?[^ .]{2}[.?!](?= |$)/s.exec(paragraph.replaceAll('\n', ' ').trim())?.[0] ?? paragraph;
}
