/** Plays the scenes of this boot, says on the second serial port how each check ended, and boots again while there are more. */
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { playProgramme } from '../../qemu/inside/play-programme.ts';
import { Lab } from './lab.ts';
import { bootsOf } from './scenes.ts';

const counter = '/var/lib/lab/boot';
const boot = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
const boots = bootsOf(readFileSync('/sixgate/only', 'utf8'));
const port = openSync('/dev/ttyS1', 'w');
const programme = boots[boot];
if (programme !== undefined) await playProgramme(programme, new Lab(), port);
mkdirSync('/var/lib/lab', { recursive: true });
writeFileSync(counter, String(boot + 1));
if (boot + 1 < boots.length) spawnSync('systemctl', ['reboot']);
else spawnSync('busybox', ['poweroff', '-f']);
