import { randomBytes } from 'node:crypto';
import { formatPrefix } from '../core/prefix.ts';
import { ulaPrefix } from '../core/ula.ts';
import { exitCodes } from './exit-codes.ts';
import { printData } from './terminal.ts';

export function printUla(options: { readonly json?: true }): number {
  const prefix = formatPrefix(ulaPrefix(randomBytes(5)));
  printData(options.json ? `${JSON.stringify({ schemaVersion: 1, prefix })}\n` : `${prefix}\n`);
  return exitCodes.done;
}
