/** One line an event: what happened, in a sentence. */
export interface Log {
  info(line: string, fields?: LogFields): void;
  warn(line: string, fields?: LogFields): void;
  error(line: string, fields?: LogFields): void;
}

/** What programs want to know of an event beside its sentence; the names are documented and stay. */
export interface LogFields {
  /**
   * `change`: something else is in force, since there was news; `repair`: since somebody else had changed it; `flows`: flows were moved;
   * `problem`, `problem-over`: one began, ended.
   */
  readonly event?: 'change' | 'repair' | 'flows' | 'problem' | 'problem-over';
  /** Of a problem. */
  readonly code?: string;
  /** What to do about it. */
  readonly mend?: string;
  /** From the news to the change in force. */
  readonly tookMs?: number;
  /** How many were moved. */
  readonly flows?: number;
}

export const logFormats = ['text', 'json', 'journald'] as const;
export type LogFormat = (typeof logFormats)[number];

export const logLevels = ['error', 'warning', 'info'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly format: LogFormat;
  /** What counts less is left out. */
  readonly level: LogLevel;
  readonly now: () => number;
}

/** As in syslog(3). */
const priorities = { error: 3, warning: 4, info: 6 } as const;

/**
 * | format   | a line                                                            |
 * | -------- | ----------------------------------------------------------------- |
 * | text     | the time, `warning:` or `error:`, the sentence                     |
 * | journald | `<PRIORITY>` (sd-daemon(3)) and the sentence: journald has the time |
 * | json     | an object with `time`, `level`, `message` and the fields           |
 */
export function streamLog(write: (text: string) => void, { format, level, now }: LogOptions): Log {
  const line = (of: LogLevel, text: string, fields: LogFields = {}): void => {
    if (logLevels.indexOf(of) > logLevels.indexOf(level)) return;
    const message = text.replaceAll(/\s*\n\s*/g, ' ');
    const time = new Date(now()).toISOString();
    const told = fields.mend === undefined ? message : `${message}. ${fields.mend.replaceAll(/\s*\n\s*/g, ' ')}`;
    if (format === 'json') write(`${JSON.stringify({ time, level: of, message, ...fields })}\n`);
    else if (format === 'journald') write(`<${priorities[of]}>${told}\n`);
    else write(`${time} ${of === 'info' ? '' : `${of}: `}${told}\n`);
  };
  return {
    info: (text, fields) => line('info', text, fields),
    warn: (text, fields) => line('warning', text, fields),
    error: (text, fields) => line('error', text, fields),
  };
}
