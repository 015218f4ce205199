/** Commands for mends. Names come from the machine and the configuration: what a shell would read is quoted. */

export function setSetting(path: string, value: number): string {
  // With slashes, since interface names can have dots; the remark makes it a command all the same.
  return `sysctl -w ${shellWord(`${path}=${value}`)}  # and in /etc/sysctl.d/60-sixgate.conf, to keep it`;
}

export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
