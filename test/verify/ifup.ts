import { hasCommand, inNamespace } from './in-namespace.ts';
import { unpackedPackages } from './unpacked-packages.ts';

/**
 * Debian's ifupdown itself, with --no-act: this needs no sit in the kernel. What it says it would do is compared; the VM does it.
 */
export const ifupProgram = hasCommand('ifup')
  ? 'ifup'
  : ((tree) => tree && `${tree}/sbin/ifup`)(unpackedPackages('ifupdown', ['ifupdown']));

export function ifup(text: string): { code: number | null; commands: string[]; stderr: string } {
  const { code, stderr } = inNamespace(
    'for name in $(sed -n "s/^iface \\([^ ]*\\).*/\\1/p" "$files/interfaces" | sort -u); do' +
      ` ${ifupProgram} --no-act --force -i "$files/interfaces" "$name" || exit; done`,
    { interfaces: text },
  );
  return { code, commands: stderr.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' ')), stderr };
}
