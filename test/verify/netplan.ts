import { existsSync } from 'node:fs';
import { inNamespace } from './in-namespace.ts';
import { unpackedPackages } from './unpacked-packages.ts';

// With the libraries that a small system has not; the second name is that of Debian 13.
const tree =
  unpackedPackages('netplan', ['netplan.io', 'libnetplan0', 'libyaml-0-2', 'libglib2.0-0']) ??
  unpackedPackages('netplan', ['netplan-generator', 'libnetplan1', 'libyaml-0-2', 'libglib2.0-0t64', 'libatomic1']);
/** What `netplan generate` runs: the command itself is a wrapper in Python. */
export const netplanGenerator = ['/lib/netplan/generate', '/usr/lib/netplan/generate', '/usr/libexec/netplan/generate']
  .map((path) => `${tree}${path}`)
  .find((path) => existsSync(path));

/** Exit code 3 where it refuses the text; what it made for networkd is on standard output. */
export function netplan(text: string): { code: number | null; stdout: string; stderr: string } {
  return inNamespace(
    `mkdir -p /run/root/etc/netplan && cp $files/t.yaml /run/root/etc/netplan/60-t.yaml && chmod 600 /run/root/etc/netplan/60-t.yaml
LD_LIBRARY_PATH=$(dirname ${tree}/usr/lib/*/libnetplan.so.* | head -1):$(dirname ${tree}/lib/*/libglib-2.0.so.0 | head -1) ${netplanGenerator} --root-dir /run/root || exit 3
cd /run/root/run/systemd/network && for f in *; do echo "== $f"; cat $f; done`,
    { 't.yaml': text },
  );
}
