import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { boot } from '../qemu/boot.ts';
import { readImage } from '../qemu/image.ts';
import { writeGuests } from './generated-guests.ts';

/**
 * Builds what is missing and starts Xen with its Dom0. One processor, and the plain
 * registers of SSE saved at every switch: otherwise programs in Dom0 crash at random as soon as guests run. Without SMAP: under TCG a paravirtual Dom0 dies of it at boot. In the
 * list of initrds a comma separates, in the command line of Xen it is itself.
 */
export async function bootXen(only: string): ReturnType<typeof boot> {
  const image = await readImage('xenvm', join(import.meta.dirname, 'image/build'));
  return boot({
    inside: join(import.meta.dirname, 'dom0'),
    root: join(image, 'root.cpio'),
    only,
    patience: 600_000,
    // Xen gives a hotplug script 40 s, and libxl cannot be told otherwise.
    counted: true,
    qemu: (initramfs) => [
      ...`-cpu max,-smap,-xsave,-avx,-avx2 -m 3072 -smp 1 -kernel ${join(image, 'xen')} -append`.split(' '),
      'console=com1 com1=115200,8n1 dom0_mem=1536M,max:1536M dom0_max_vcpus=1 spec-ctrl=eager-fpu loglvl=warning guest_loglvl=warning',
      '-initrd',
      `${join(image, 'vmlinux')} console=hvc0 panic=-1 quiet,${initramfs}`,
    ],
    async fill(directory) {
      for (const file of ['guest-init', 'by-domain-key']) {
        copyFileSync(join(import.meta.dirname, 'dom0', file), join(directory, file));
      }
      await writeGuests(join(directory, 'guests'));
    },
  });
}
