import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabProcess } from '../lab/lab-process.ts';
import { startStream, type RunningStream } from '../lab/probes.ts';
import { waitForMapping } from '../translate/following.ts';
import { allWell } from '../translate/talk.ts';
import { startStage, type Release, type Stage } from './stage.ts';

/** Somebody else's firewall, as its own tools start and end it. */
export interface Firewall {
  /** A lab's name, with the order behind it. */
  readonly lab: string;
  /** Once, before it starts for the first time. */
  prepare?(stage: Stage): Promise<void>;
  start(stage: Stage): Promise<void>;
  reload(stage: Stage): Promise<void>;
  stop(stage: Stage): Promise<void>;
  /** What doctor has to find in the way, by the ids of its checks. */
  readonly obstacles: readonly string[];
}

/** Before sixgate or after it: traffic as the admin expects it, no leak at any moment, and what is the other's stays as it is. */
export function livesBeside(
  firewall: Firewall,
  release: Release,
  orders: readonly ('first' | 'later')[] = ['first', 'later'],
): void {
  describe.each(orders)('it starts %s', (order) => {
    let stage: Stage;
    let daemon: LabProcess;
    let stream: RunningStream | undefined;
    let site = 1;

    beforeAll(async () => {
      stage = await startStage(`${firewall.lab}${order}`, release);
      await firewall.prepare?.(stage);
      stream = await startStream(stage.lab, 'lan1', { rate: 500, ports: 100 });
    }, 300_000);
    afterAll(async () => {
      await stream?.stop();
      await stage?.lab.stop();
    });

    const move = async (): Promise<void> => stage.renumber(++site);
    /** One after the other, since the client does not hear what comes while the firewall is being changed. */
    const passes = async (): Promise<void> => {
      const end = Date.now() + 10_000;
      for (;;) {
        const answers = await stage.talk(site);
        if (answers.join() === allWell(site).join()) return;
        if (Date.now() > end) expect(answers).toEqual(allWell(site));
      }
    };

    test('they start', async () => {
      if (order === 'first') await firewall.start(stage);
      daemon = await stage.startSixgate();
      await stage.lab.provider.resetCounters(); // nothing guarded before
      await stage.lab.router.startGeneratedDhcpcd();
      if (order === 'first') return;
      await waitForMapping(stage.lab, (prefix) => prefix !== undefined);
      await passes();
      await firewall.start(stage);
      expect(await stage.leaked()).toBe(0);
    });

    test('doctor finds what is in the way, and what it says mends it', async () => {
      const found = await stage.obstacles();
      expect(found.map(({ id }) => id).sort()).toEqual([...firewall.obstacles].sort());
      // Of several things that one check finds it tells the first.
      for (let round = 0, left = found; left.length > 0 && round < 3; round++, left = await stage.obstacles()) {
        for (const mend of new Set(left.map((each) => each.mend!))) await stage.shell(mend);
      }
      expect(await stage.obstacles()).toEqual([]);
      await waitForMapping(stage.lab, (prefix) => prefix !== undefined, 20_000);
      await passes();
    });

    test('it is reloaded, stopped and started while prefixes change: all goes on', async () => {
      await Promise.all([firewall.reload(stage), move()]);
      await passes();
      await firewall.reload(stage);
      await passes();
      await firewall.stop(stage);
      await move();
      await firewall.start(stage);
      await passes();
      expect((await stage.sixgate('status')).code).toBe(0);
      expect(await stage.leaked()).toBe(0);
    });

    test('what is not ours stays to the byte, and no packet has left with an inside address', async () => {
      const before = await stage.foreign();
      expect(before).not.toBe('');
      await move();
      await move();
      await daemon.stop();
      daemon = await stage.startSixgate();
      await passes();
      expect(await stage.foreign()).toBe(before);
      expect(await stage.leaked()).toBe(0);
      const sent = (await stream?.stop())?.sent;
      stream = undefined;
      expect(sent).toBeGreaterThan(1000);
      expect(await stage.leaked()).toBe(0);
      await daemon.stop();
      expect((await stage.sixgate('apply', '--withdraw')).code).toBe(0);
      expect(await stage.foreign()).toBe(before);
    });
  });
}
