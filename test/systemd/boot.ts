import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { probeProgram } from '../lab/probe-bundle.ts';
import { boot } from '../qemu/boot.ts';
import { readImage } from '../qemu/image.ts';

/** Builds what is missing and starts the machine; what is written on its disk goes with QEMU. */
export async function bootSystemd(only: string, debs: { now: string; next: string }): ReturnType<typeof boot> {
  const image = await readImage('systemd', join(import.meta.dirname, 'image/build'));
  const inside = join(import.meta.dirname, 'inside');
  return boot({
    inside,
    init: join(inside, 'init'),
    root: join(image, 'root.cpio'),
    only,
    patience: 900_000,
    reboots: true,
    qemu: (initramfs) => [
      ...`-cpu max -m 1024 -smp 2 -kernel ${join(image, 'vmlinuz')} -initrd ${initramfs}`.split(' '),
      '-drive',
      `file=${join(image, 'disk')},format=raw,if=virtio,snapshot=on,cache=unsafe`,
      '-append',
      'console=ttyS0 panic=-1 quiet systemd.show_status=0',
    ],
    async fill(directory) {
      for (const name of ['units', 'wires', 'kea.json', 'radvd.conf']) {
        cpSync(join(inside, name), join(directory, name), { recursive: true });
      }
      copyFileSync(debs.now, join(directory, 'sixgate.deb'));
      copyFileSync(debs.next, join(directory, 'sixgate-next.deb'));
      probeProgram(directory);
    },
  });
}
