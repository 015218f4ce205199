import { CommanderError } from '@commander-js/extra-typings';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { isClosedPipe, printMessage } from './terminal.ts';
import { version } from './version.ts';

/** From the command line to the exit code; the one file that ends the process. */
async function main(): Promise<void> {
  process.on('uncaughtException', endWithThrown);
  process.on('unhandledRejection', endWithThrown);
  try {
    await createProgram().parseAsync(process.argv);
  } catch (error) {
    endWithThrown(error);
  }
  process.exit();
}

function endWithThrown(thrown: unknown): never {
  if (thrown instanceof CommanderError) process.exit(thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage);
  if (isClosedPipe(thrown)) process.exit();
  const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  try {
    printMessage(
      `sixgate: this is a bug in sixgate ${version} (Node ${process.version}):\n\n${trace}\n\n` +
        'Please report it with these lines and what you did; addresses may be made unrecognizable.\n',
    );
  } finally {
    process.exit(exitCodes.bug);
  }
}

void main();
