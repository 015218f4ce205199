import { connect, createServer, type Socket } from 'node:net';
import { chmod, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, succeed, type Result } from '../core/result.ts';
import type { Processes } from './host.ts';

type Claim = Result<() => Promise<void>>;

/** Between the two calls that make a socket answer (bind, listen) it refuses: asked again after that it does not. */
const secondLook = 50;

/**
 * Claims a Unix socket for as long as this process lives, so that a second one on the same path learns of the first.
 * A socket that nobody answers on is left over from one that was killed, and is taken over. Only its owner and root can
 * connect. Returns what releases it; what `onClient` was given is its own to end.
 */
export async function claimSocket(
  path: string,
  processes: Processes,
  onClient: (client: Socket) => void = (client) => client.destroy(),
): Promise<Claim> {
  const claim = await listen(path, onClient);
  if (claim) return claim;
  if (await answers(path)) return fail(alreadyRunning(path));
  return underLock(path, processes, async () => {
    // Of several that found it, one is the first.
    if (await answers(path)) return fail(alreadyRunning(path));
    await rm(path, { force: true });
    return (await listen(path, onClient)) ?? fail(alreadyRunning(path));
  });
}

/** Undefined where something is there already. */
async function listen(path: string, onClient: (client: Socket) => void): Promise<Claim | undefined> {
  const server = createServer(onClient);
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(path, () => resolve(undefined));
  });
  if (error?.code === 'EADDRINUSE') return undefined;
  if (error) return fail({ code: 'file-unwritable', message: `${path} could not be made: ${error.message}` });
  server.unref();
  await chmod(path, 0o600).catch(() => {});
  // A client that is still there would hold up the callback.
  return succeed(async () => void server.close());
}

/** Works while no other that asks for this does. The lock is the kernel's and goes with us, however we end. */
async function underLock(path: string, processes: Processes, work: () => Promise<Claim>): Promise<Claim> {
  let locked = (): void => {};
  let refused = (_how: string): void => {};
  const answer = new Promise<string | undefined>((resolve) => {
    locked = () => resolve(undefined);
    refused = resolve;
  });
  const holder = processes.follow({
    argv: ['flock', '--no-fork', '--wait', '5', `${path}.lock`, 'sh', '-c', 'echo; exec cat'],
    onLine: () => locked(),
    onEnd: (how) => refused(how),
  });
  const why = await answer;
  try {
    return why === undefined
      ? await work()
      : fail({ code: 'file-unwritable', message: `${path} could not be made: ${why}` });
  } finally {
    await holder.stop();
  }
}

async function answers(path: string): Promise<boolean> {
  if (await connects(path)) return true;
  await sleep(secondLook);
  return connects(path);
}

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function alreadyRunning(path: string) {
  return {
    code: 'already-running',
    message: `another sixgate is running: it answers on ${path}`,
    mend: 'Stop it first, or give this one a --runtime-dir of its own.',
  } as const;
}
