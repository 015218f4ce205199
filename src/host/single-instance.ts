import { connect, createServer } from 'node:net';
import { rm } from 'node:fs/promises';
import { fail, succeed, type Result } from '../core/result.ts';

/**
 * Claims a Unix socket for as long as this process lives, so that a second one on the same path learns of the first.
 * A socket that nobody answers on is left over from one that was killed, and is taken over. Returns what releases it.
 */
export async function claimSocket(path: string): Promise<Result<() => Promise<void>>> {
  for (const attempt of [1, 2]) {
    const server = createServer((client) => client.destroy());
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(path, () => resolve(undefined));
    });
    if (!error) {
      server.unref();
      return succeed(() => new Promise((resolve) => server.close(() => resolve())));
    }
    if (error.code !== 'EADDRINUSE') {
      return fail({ code: 'file-unwritable', message: `${path} could not be made: ${error.message}` });
    }
    if (attempt === 2 || (await answers(path))) break;
    await rm(path, { force: true });
  }
  return fail({
    code: 'already-running',
    message: `another sixgate is running: it answers on ${path}`,
    mend: 'Stop it first, or give this one a --runtime-dir of its own.',
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
