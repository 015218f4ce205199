import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootTunnels } from './boot.ts';
import { programmeOf } from './guest/scenes.ts';

/**
 * One boot serves all: what runs inside is in guest/scenes, and each check is a test here.
 *
 *   SIXGATE_VM_SCENE=stale npx vitest run test/vm      only scenes with that word in their names
 */
const word = process.env['SIXGATE_VM_SCENE'] ?? '';
let running: Awaited<ReturnType<typeof bootTunnels>> | undefined;

beforeAll(async () => {
  running = await bootTunnels(word);
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
