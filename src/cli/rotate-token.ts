import { createToken, writeSecretFile } from '../host/secret-file.ts';
import { exitCodes } from './exit-codes.ts';
import { printProblem } from './print-problem.ts';
import { printMessage } from './terminal.ts';

export async function rotateToken(path: string): Promise<number> {
  const written = await writeSecretFile(path, createToken());
  if (!written.ok) return printProblem(written.problem);
  printMessage(`sixgate: ${path} has a new token; the one before is worth nothing any longer\n`);
  return exitCodes.done;
}
