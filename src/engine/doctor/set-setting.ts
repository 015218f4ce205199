import { shellWord } from '../../core/shell-word.ts';

/** The mend for a setting of the kernel; `path` in /proc/sys, with the interface's name as it is. */
export function setSetting(path: string, value: number): string {
  // With slashes, since interface names can have dots; the remark makes it a command all the same.
  return `sysctl -w ${shellWord(`${path}=${value}`)}  # and in /etc/sysctl.d/60-sixgate.conf, to keep it`;
}
