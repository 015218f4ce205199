import { exitCodeTable } from '../exit-code-table.ts';
import { page, table } from './markdown.ts';

/** docs/reference/exit-codes.md */
export function exitCodesReference(): string {
  return page(
    'Exit codes',
    'The same for every command; those from 64 on are those of sysexits.h.',
    table(
      ['code', 'means'],
      exitCodeTable.map(([code, meaning]) => [String(code), meaning]),
    ),
    'Which problem ends a command with which: [codes of problems](problem-codes.md).',
  );
}
