import type { Host } from '../host/host.ts';

/** Tells systemd how we are (sd_notify(3)). Does nothing where nobody listens. */
export interface ServiceManager {
  ready(status: string): void;
  status(text: string): void;
  stopping(): void;
  stop(): void;
}

/** `environment`: NOTIFY_SOCKET and WATCHDOG_USEC as systemd sets them. */
export function serviceManager(host: Host, environment: Readonly<Record<string, string | undefined>>): ServiceManager {
  if (!environment['NOTIFY_SOCKET']) return { ready() {}, status() {}, stopping() {}, stop() {} };
  // Node has no datagram sockets in the file system, so the message goes through systemd's own tool.
  const send = (...state: string[]): void => void host.processes.run({ argv: ['systemd-notify', ...state] });
  // A quarter: on a starved machine this process and that tool have the rest of the time to get their turns.
  const period = Number(environment['WATCHDOG_USEC'] ?? 0) / 1000 / 4;
  let cancel = (): void => {};
  const feed = (): void => {
    cancel = host.clock.after(period, () => {
      send('WATCHDOG=1');
      feed();
    });
  };
  let last = '';
  return {
    ready(status) {
      last = status;
      send('--ready', `--status=${status}`);
      if (period > 0) feed();
    },
    status(text) {
      if (text !== last) send(`--status=${text}`);
      last = text;
    },
    stopping: () => send('STOPPING=1'),
    stop: () => cancel(),
  };
}
