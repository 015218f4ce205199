/** One line an event. Under systemd each line begins with its priority (sd-daemon(3)), on a terminal with the time. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

export function streamLog(write: (text: string) => void, journald: boolean, now: () => number): Log {
  const line = (priority: 3 | 4 | 6, text: string): void => {
    const flat = text.replaceAll(/\s*\n\s*/g, ' ');
    write(journald ? `<${priority}>${flat}\n` : `${new Date(now()).toISOString()} ${flat}\n`);
  };
  return {
    info: (text) => line(6, text),
    warn: (text) => line(4, text),
    error: (text) => line(3, text),
  };
}
