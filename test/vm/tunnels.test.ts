import { testsOfScenes } from '../qemu/tests-of-scenes.ts';
import { bootTunnels } from './boot.ts';
import { programmeOf } from './guest/scenes.ts';

/**
 * One boot serves all: what runs inside is in guest/scenes, and each check is a test here.
 *
 *   SIXGATE_VM_SCENE=stale npx vitest run test/vm      only scenes with that word in their names
 */
const word = process.env['SIXGATE_VM_SCENE'] ?? '';
testsOfScenes(programmeOf(word), () => bootTunnels(word));
