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
import { writeCases } from './generated-cases.ts';
import { readImage } from './image.ts';
import { Machine } from './machine.ts';

const guest = join(import.meta.dirname, 'guest');

/** Builds what is missing and starts the test machine; `stop` also removes its files. */
export async function boot(only: string): Promise<{ machine: Machine; stop(): Promise<void> }> {
  const { kernel, root } = await readImage();
  const directory = mkdtempSync(join(tmpdir(), 'sixgate-vm-'));
  const initramfs = join(directory, 'initramfs');
  try {
    await overlay(only, join(directory, 'overlay'), join(directory, 'overlay.cpio'));
    await pipeline(createReadStream(root), createWriteStream(initramfs));
    await pipeline(createReadStream(join(directory, 'overlay.cpio')), createWriteStream(initramfs, { flags: 'a' }));
  } catch (error) {
    rmSync(directory, { recursive: true });
    throw error;
  }
  const console = join(directory, 'console');
  const machine = new Machine({ argv: qemu(kernel, initramfs, console), console, patience: 90_000 });
  return {
    machine,
    async stop() {
      await machine.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

/** What lies over the image: the first process, the scenes as one program, the generated files. */
async function overlay(only: string, directory: string, archive: string): Promise<void> {
  mkdirSync(join(directory, 'sixgate/cases'), { recursive: true });
  copyFileSync(join(guest, 'init'), join(directory, 'init'));
  chmodSync(join(directory, 'init'), 0o755);
  writeFileSync(join(directory, 'sixgate/only'), only);
  await build({
    entryPoints: [join(guest, 'main.ts')],
    outfile: join(directory, 'sixgate/main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  cpSync(join(repositoryRoot, 'dist'), join(directory, 'sixgate/dist'), { recursive: true });
  await writeCases(join(directory, 'sixgate/cases'));
  await runChecked(['sh', '-ec', 'cd "$1" && find . | cpio --quiet -o -H newc >"$2"', 'sh', directory, archive]);
}

/**
 * Emulated on purpose, never KVM: the same everywhere, also inside virtual machines. One at a time on a machine (a lock), and
 * nice, since other tests look at clocks.
 */
function qemu(kernel: string, initramfs: string, console: string): string[] {
  const options = [
    `flock --no-fork --wait 600 ${join(tmpdir(), 'sixgate-vm.lock')} nice -n 10 qemu-system-x86_64`,
    '-accel tcg,tb-size=512 -cpu max -m 1024 -smp 1 -nodefaults -no-reboot -display none',
    `-serial file:${console} -serial stdio -kernel ${kernel} -initrd ${initramfs} -append`,
  ];
  return [...options.join(' ').split(' '), 'console=ttyS0 panic=-1 quiet'];
}
