import type { Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerServe(program: Command): void {
  const serve = program
    .command('serve')
    .summary('generator, status page and metrics over HTTP, without privileges')
    .description(
      'Show the generator, the calculator, the status and metrics for Prometheus over HTTP. It reads what the daemon wrote and can change nothing. Started by root it becomes another user once it listens. Beyond this machine only with a token.',
    )
    .option('-l, --listen <address:port>', 'where to listen; repeatable (default: [::1]:6460)', collect)
    .option('--host <name>', 'a name by which browsers may call it; repeatable', collect)
    .option('--token-file <file>', 'let in only who shows the token in this file')
    .option('--user <name>', 'which user to become when started by root', 'nobody')
    .option('--site <dir>', 'the files of the pages (default: those that were built with it)')
    .action(async (options, command) => {
      const { serveWeb } = await import('../serve-web.ts');
      process.exitCode = await serveWeb(globalOptions(command), options);
    });
  serve
    .command('rotate-token')
    .summary('write a new token into the file')
    .description(
      'Write a new token into the file that --token-file names; it is made with mode 0600 where it is not there. Servers that run with it let in only the new one within a second.',
    )
    .action(async (_options, command) => {
      // The option is that of `serve`: commander takes it wherever it stands.
      const { tokenFile } = command.optsWithGlobals() as { tokenFile?: string };
      if (tokenFile === undefined) return command.error("sixgate: required option '--token-file <file>' not specified");
      const { rotateToken } = await import('../rotate-token.ts');
      process.exitCode = await rotateToken(tokenFile);
    });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
