/** Runs every scene inside the test machine and says on the second serial port how each check ended. */
import { openSync, readFileSync } from 'node:fs';
import { playProgramme } from '../../qemu/inside/play-programme.ts';
import { Lab } from './lab.ts';
import { programmeOf } from './scenes.ts';

await playProgramme(programmeOf(readFileSync('/sixgate/only', 'utf8')), new Lab(), openSync('/dev/ttyS1', 'w'));
