import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { buildTrafficProgram } from '../bench/traffic.ts';
import { probeProgram } from '../lab/probe-bundle.ts';
import { repositoryRoot } from '../lab/repository.ts';
import { boot } from '../qemu/boot.ts';
import { readImage } from '../qemu/image.ts';

/** The machine of test/vm, whose kernel has flowtables. */
export async function bootOffload(only: string): ReturnType<typeof boot> {
  const image = await readImage('vm', join(repositoryRoot, 'test/vm/image/build'));
  return boot({
    inside: join(repositoryRoot, 'test/offload/inside'),
    root: join(image, 'root.cpio'),
    only,
    counted: true,
    patience: 900_000,
    qemu: (initramfs) => [
      ...`-cpu max -m 1024 -smp 1 -kernel ${join(image, 'vmlinuz')} -initrd ${initramfs} -append`.split(' '),
      'console=ttyS0 panic=-1 quiet',
    ],
    async fill(directory) {
      probeProgram(directory);
      // The course of ./bench takes this for a checkout.
      buildTrafficProgram(directory, true);
      for (const name of ['bin', 'package.json'])
        cpSync(join(repositoryRoot, name), join(directory, name), { recursive: true });
    },
  });
}
