import type { Host } from '../host/host.ts';

/**
 * The processes that these pid files name and that still live, each once. A daemon that keeps its pid file locked (flock(2)) for as long
 * as it lives, as dhcpcd and radvd do, is told by that from a file that was left over, and from a stranger who has the
 * number by now; /proc does not tell everybody.
 */
export async function lockedPids(host: Host, files: readonly string[]): Promise<number[]> {
  const found = await Promise.all(
    files.map(async (path) => {
      const text = await host.files.read(path);
      const pid = text.ok && /^\s*([1-9][0-9]{0,9})\s*$/.exec(text.value ?? '')?.[1];
      if (!pid) return [];
      const lock = await host.processes.run({ argv: ['flock', '--nonblock', '--shared', path, 'true'] });
      return lock.ok && lock.value.code === 1 ? [Number(pid)] : [];
    }),
  );
  return [...new Set(found.flat())];
}
