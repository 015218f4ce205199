import { build } from 'esbuild';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { repositoryRoot } from '../lab/repository.ts';
import { runChecked } from '../lab/run-command.ts';
import { Machine } from './machine.ts';

export interface MachineParts {
  /** Directory with `main.ts`, which runs the scenes, and `prepare`, which the usual first process reads. */
  readonly inside: string;
  /** Uncompressed cpio, which the overlay is appended to. */
  readonly root: string;
  /** Which scenes: what /sixgate/only says inside. */
  readonly only: string;
  /** Milliseconds without a verdict after which it counts as hung. */
  readonly patience: number;
  /** The first process, where it is not that of `inside`. */
  readonly init?: string;
  /** Its clock counts instructions, so that neither the speed of this machine nor what else it does is seen inside; it has one processor then. */
  readonly counted?: boolean;
  /** A reboot inside begins anew; else it ends the machine. */
  readonly reboots?: boolean;
  /** QEMU's options, without the serial ports. */
  qemu(initramfs: string): readonly string[];
  /** Puts more into /sixgate of the overlay. */
  fill(directory: string): Promise<void>;
}

/** Starts a test machine; `stop` also removes its files. */
export async function boot(parts: MachineParts): Promise<{ machine: Machine; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-vm-'));
  const initramfs = join(directory, 'initramfs');
  try {
    await overlay(parts, join(directory, 'overlay'), join(directory, 'overlay.cpio'));
    await pipeline(createReadStream(parts.root), createWriteStream(initramfs));
    await pipeline(createReadStream(join(directory, 'overlay.cpio')), createWriteStream(initramfs, { flags: 'a' }));
  } catch (error) {
    rmSync(directory, { recursive: true });
    throw error;
  }
  const console = join(directory, 'console');
  const argv = [...launcher(console, parts), ...(parts.reboots ? [] : ['-no-reboot']), ...parts.qemu(initramfs)];
  const machine = new Machine({ argv, console, patience: parts.patience });
  return {
    machine,
    async stop() {
      await machine.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

/** What lies over the image: the first process, the scenes as one program, the built project, generated files. */
async function overlay(parts: MachineParts, directory: string, archive: string): Promise<void> {
  const { inside, only, init = join(repositoryRoot, 'test/qemu/inside/init') } = parts;
  const ours = join(directory, 'sixgate');
  mkdirSync(ours, { recursive: true });
  copyFileSync(init, join(directory, 'init'));
  if (parts.init === undefined) copyFileSync(join(inside, 'prepare'), join(ours, 'prepare'));
  chmodSync(join(directory, 'init'), 0o755);
  writeFileSync(join(ours, 'only'), only);
  await build({
    entryPoints: [join(inside, 'main.ts')],
    outfile: join(ours, 'main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  for (const each of ['dist', 'docs']) cpSync(join(repositoryRoot, each), join(ours, each), { recursive: true });
  await parts.fill(ours);
  await runChecked(['sh', '-ec', 'cd "$1" && find . | cpio --quiet -o -H newc >"$2"', 'sh', directory, archive]);
}

/**
 * Emulated on purpose, never KVM: the same everywhere, also inside virtual machines. One at a time in each lane of the check (a lock), and
 * nice, since other tests look at clocks. The first serial port is the console, the second says the verdicts.
 */
function launcher(console: string, { counted = false }: MachineParts): string[] {
  const options = [
    `flock --no-fork --wait 600 ${join(tmpdir(), `sixgate-vm${process.env['SIXGATE_VM_LANE'] ?? ''}.lock`)} nice -n 10 qemu-system-x86_64`,
    `-accel tcg,thread=${counted ? 'single' : 'multi'},tb-size=512${counted ? ' -icount shift=1,sleep=off' : ''} -nodefaults -display none -serial file:${console} -serial stdio`,
  ];
  return options.join(' ').split(' ');
}
