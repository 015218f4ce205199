import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';

const root = '/run/tree/root';

/** A Debian tree (see debian-tree.ts) as the router's: what is written into it is gone with the lab. */
export interface TreeOnRouter {
  /** The command line of a program in the tree. */
  argv(...argv: string[]): string[];
  /** Runs it to its end. */
  exec(...argv: string[]): Promise<string>;
  /** Writes a file in the tree. */
  write(path: string, text: string, mode?: number): void;
  /** A directory for PATH in which each of these programs is the tree's. */
  commands(...names: string[]): string;
}

export async function mountTree(lab: Lab, tree: string): Promise<TreeOnRouter> {
  const { shell } = lab.router;
  // /sys is read-only, which tells systemd's programs not to wait for udev.
  const script = `
mkdir -p ${root} /run/tree/upper /run/tree/work
mount -t overlay overlay -o lowerdir=${tree},upperdir=/run/tree/upper,workdir=/run/tree/work ${root}
mount --rbind /proc ${root}/proc
mount --rbind /dev ${root}/dev
mount -t sysfs -o ro none ${root}/sys
mkdir -p ${root}/tmp ${root}${lab.directory}
mount --rbind ${lab.directory} ${root}${lab.directory}
mount --bind /run ${root}/run`;
  await shell.exec(['sh', '-e', '-c', script]);
  const argv = (...words: string[]): string[] => ['chroot', root, ...words];
  const write = (path: string, text: string, mode = 0o644): void => {
    const file = shell.inside(`${root}${path}`);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text, { mode });
  };
  return {
    argv,
    exec: (...words) => shell.exec(argv(...words)),
    write,
    commands(...names) {
      const directory = join(shell.directory, 'tree-bin');
      mkdirSync(directory, { recursive: true });
      for (const name of names) {
        const file = join(directory, name);
        writeFileSync(file, `#!/bin/sh\nPATH=/usr/sbin:/usr/bin:/sbin:/bin exec chroot ${root} ${name} "$@"\n`);
        chmodSync(file, 0o755);
      }
      return directory;
    },
  };
}
