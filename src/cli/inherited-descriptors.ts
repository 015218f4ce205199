/** The listening sockets that systemd handed down (sd_listen_fds(3)): they begin at 3, and are for one process only. */
export function inheritedDescriptors(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): readonly number[] {
  const count = Number(environment['LISTEN_FDS']);
  if (environment['LISTEN_PID'] !== String(pid) || !Number.isInteger(count) || count < 1) return [];
  return Array.from({ length: count }, (_, index) => 3 + index);
}
