import { join } from 'node:path';
import { probeProgram } from '../lab/probe-bundle.ts';
import { boot } from '../qemu/boot.ts';
import { readImage } from '../qemu/image.ts';

/** The machine of test/vm, whose kernel has flowtables. */
export async function bootOffload(only: string): ReturnType<typeof boot> {
  const image = await readImage('vm', join(import.meta.dirname, '../vm/image/build'));
  return boot({
    inside: join(import.meta.dirname, 'inside'),
    root: join(image, 'root.cpio'),
    only,
    patience: 300_000,
    qemu: (initramfs) => [
      ...`-cpu max -m 1024 -smp 1 -kernel ${join(image, 'vmlinuz')} -initrd ${initramfs} -append`.split(' '),
      'console=ttyS0 panic=-1 quiet',
    ],
    async fill(directory) {
      probeProgram(directory);
    },
  });
}
