/** Runs every scene in Dom0 and says on the second serial port how each check ended. */
import { openSync, readFileSync } from 'node:fs';
import { playProgramme } from '../../qemu/inside/play-programme.ts';
import { Lab } from './lab.ts';
import { programmeOf } from './scenes.ts';

const port = openSync('/dev/ttyS1', 'w');
await playProgramme(programmeOf(readFileSync('/sixgate/only', 'utf8')), await Lab.standUp(), port);
// Consoles of guests may still be open.
process.exit(0);
