import { testsOfScenes } from '../qemu/tests-of-scenes.ts';
import { bootOffload } from './boot.ts';
import { programmeOf } from './inside/scenes.ts';

/**
 * One boot serves all: what runs inside is in inside/scenes, and each check is a test here.
 *
 *   SIXGATE_VM_SCENE='prefixes|uplinks' npx vitest run test/offload      only scenes whose names fit, and what they stand on
 */
const word = process.env['SIXGATE_VM_SCENE'] ?? '';
testsOfScenes(programmeOf(word), () => bootOffload(word));
