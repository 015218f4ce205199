import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../lab/repository.ts';

export interface StatusPage {
  /** Where to look at it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * `sixgate serve` outside the lab's namespaces, so that a browser on this machine reaches it; it reads what the router's
 * daemon wrote. At the usual port, or at any that is free where that one is taken.
 */
export async function showStatusPage(runtimeDir: string): Promise<StatusPage> {
  const usual = await start(runtimeDir, '[::1]:6460');
  const page = typeof usual === 'string' ? await start(runtimeDir, '[::1]:0') : usual;
  if (typeof page === 'string') throw new Error(`sixgate serve: ${page}`);
  return page;
}

/** What it said where it ended. */
function start(runtimeDir: string, listen: string): Promise<StatusPage | string> {
  const argv = ['serve', '--runtime-dir', runtimeDir, '--listen', listen];
  const child = spawn(join(repositoryRoot, 'bin/sixgate'), argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return new Promise((resolve) => {
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      const url = /listening on (http:\S+\/)$/m.exec(said)?.[1];
      if (url === undefined) return;
      resolve({
        url: `${url}status.html`,
        async stop() {
          child.kill('SIGTERM');
          await ended;
        },
      });
    });
    void ended.then(() => resolve(said));
  });
}
