import { expect, test } from 'vitest';
import { watchKernel } from '../../src/daemon/watch-kernel.ts';
import { systemClock } from '../../src/host/system-clock.ts';
import { systemFiles } from '../../src/host/system-files.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { makeNamespace } from './namespace.ts';

/** More than the buffers of a monitor that is not read take: 16 MB of `nft`, 1 MB of `ip`. */
const rules = Array.from(
  { length: 60_000 },
  (_, index) => `add rule inet flood c ip6 saddr 2001:db8::${index.toString(16)} counter`,
).join('\n');

test('a monitor that lost events makes everything be looked at again, although it goes on', async () => {
  const namespace = makeNamespace();
  let pids: number[] = [];
  let looks = 0;
  const processes: typeof namespace.processes = {
    ...namespace.processes,
    follow(command) {
      const follower = namespace.processes.follow(command);
      pids.push(follower.pid!);
      return follower;
    },
  };
  const watch = watchKernel(
    { processes, files: systemFiles, clock: systemClock },
    { uplinks: [], networks: [], translations: [] },
    () => looks++,
  );
  try {
    await waitUntil('the looks after the start', () => looks >= 4, { timeout: 10_000 });
    // `ip netns exec` becomes the program.
    pids = pids.filter((pid) => pid > 0);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    namespace.exec(['nft', 'add table inet flood; add chain inet flood c']);
    for (let count = 0; count < 3; count++) {
      namespace.exec(['nft', '-f', '-'], rules);
      namespace.exec(['nft', 'flush chain inet flood c']);
    }
    // What happens to ours is among the lost.
    namespace.exec(['nft', 'add table ip6 sixgate; delete table ip6 sixgate']);
    looks = 0;
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    await expect.poll(() => looks, { timeout: 20_000 }).toBeGreaterThan(0);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    await watch.stop();
    namespace.remove();
  }
}, 180_000);
