import { spawnSync } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a shell script in network and mount namespaces of its own, which end with it, with an /etc that forgets; `files` are in $files by base name. */
export function inNamespace(script: string, files: Readonly<Record<string, string>> = {}): Ended {
  const make = Object.entries(files).map(
    ([name, text]) => `cat > "$files/${name}" <<'END-OF-FILE'\n${text}END-OF-FILE\n`,
  );
  const whole = `
mount -t tmpfs none /run && mkdir -p /run/netns /run/files /run/etc/upper /run/etc/work || exit 99
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc && mkdir -p /etc/network || exit 99
files=/run/files
${make.join('')}
${script}`;
  const { status, stdout, stderr } = spawnSync('unshare', ['-nm', 'sh', '-c', whole], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, stdout, stderr };
}

/** Whether this machine lets us make namespaces at all. */
export const sandboxed = spawnSync('unshare', ['-nm', 'true']).status === 0;

export function hasCommand(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}
