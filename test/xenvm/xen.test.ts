import { testsOfScenes } from '../qemu/tests-of-scenes.ts';
import { bootXen } from './boot.ts';
import { programmeOf } from './dom0/scenes.ts';

/**
 * One boot serves all: what runs in Dom0 is in dom0/scenes, and each check is a test here.
 *
 *   SIXGATE_VM_SCENE='spoof|proxy' npx vitest run test/xenvm      only scenes whose names fit
 */
const word = process.env['SIXGATE_VM_SCENE'] ?? '';
testsOfScenes(programmeOf(word), () => bootXen(word));
