import { afterAll } from 'vitest';
import { testsOfScenes } from '../qemu/tests-of-scenes.ts';
import { buildPackage, type BuiltPackage } from '../package/built-package.ts';
import { bootSystemd } from './boot.ts';
import { bootsOf } from './inside/scenes.ts';

/**
 * Three boots of one machine: what runs inside is in inside/scenes, and each check is a test here.
 *
 *   SIXGATE_VM_SCENE=upgrade npx vitest run test/systemd      the way there, and scenes with that word in their names
 */
const word = process.env['SIXGATE_VM_SCENE'] ?? '';
let built: BuiltPackage | undefined;
afterAll(() => built?.remove());

const boots = bootsOf(word);
testsOfScenes({ lanes: boots.flatMap(({ lanes }) => lanes), last: boots.flatMap(({ last }) => last) }, () => {
  built = buildPackage();
  return bootSystemd(word, { now: built.file, next: built.next() });
});
