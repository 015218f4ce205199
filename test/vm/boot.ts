import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { boot } from '../qemu/boot.ts';
import { readImage } from '../qemu/image.ts';
import { writeCases } from './generated-cases.ts';

/** Builds what is missing and starts the test machine. */
export async function bootTunnels(only: string): ReturnType<typeof boot> {
  const image = await readImage('vm', join(import.meta.dirname, 'image/build'));
  return boot({
    inside: join(import.meta.dirname, 'guest'),
    root: join(image, 'root.cpio'),
    only,
    patience: 600_000,
    qemu: (initramfs) => [
      ...`-cpu max -m 1024 -smp 1 -kernel ${join(image, 'vmlinuz')} -initrd ${initramfs} -append`.split(' '),
      'console=ttyS0 panic=-1 quiet',
    ],
    async fill(directory) {
      mkdirSync(join(directory, 'cases'));
      await writeCases(join(directory, 'cases'));
    },
  });
}
