import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootXen } from './boot.ts';
import { programmeOf } from './dom0/scenes.ts';

/**
 * One boot serves all: what runs in Dom0 is in dom0/scenes, and each check is a test here.
 *
 *   SIXGATE_VM_SCENE='spoof|proxy' npx vitest run test/xenvm      only scenes whose names fit
 */
const word = process.env['SIXGATE_VM_SCENE'] ?? '';
let running: Awaited<ReturnType<typeof bootXen>> | undefined;

beforeAll(async () => {
  running = await bootXen(word);
}, 600_000);
afterAll(() => running?.stop());

/* oxlint-disable vitest/valid-title -- the titles are the scenes' own */
const { lanes, last } = programmeOf(word);
for (const { name: scene, checks } of [...lanes.flat(), ...last]) {
  describe(scene, () => {
    for (const { name } of checks) {
      test(name, { timeout: 900_000 }, async () => {
        const { failure } = await running!.machine.verdict(scene, name);
        expect(failure ?? 'all well').toBe('all well');
      });
    }
  });
}
