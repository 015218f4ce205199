/** Something that reads texts which others wrote. */
export interface Target {
  readonly name: string;
  /** Texts that it takes, from which others are made. For what reads bytes, one character a byte. */
  readonly seeds: readonly string[];
  /** Words of its grammar. */
  readonly words?: readonly string[];
  /**
   * Reads one and holds the answer against what is promised: throws where that is broken. Any answer is right that is one of the
   * reader's own; what it throws is a fault.
   */
  check(text: string): void;
}

/** An answer has one of the forms that readers give, and its problem can be shown. */
export function expectAnswer(answer: { readonly ok: boolean } | { readonly known: boolean } | undefined): void {
  if (answer === undefined) return;
  if ('known' in answer) {
    if (!answer.known) expectMessage((answer as { why?: unknown }).why);
    return;
  }
  if (answer.ok) return;
  const { problem } = answer as unknown as { problem: { code?: unknown; message?: unknown } };
  if (typeof problem.code !== 'string') throw new Error('a problem without a code');
  expectMessage(problem.message);
}

/** A sentence that can be shown in a terminal and a log. */
function expectMessage(message: unknown): void {
  if (typeof message !== 'string' || message === '') throw new Error('no message');
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]/.test(message)) throw new Error(`control characters in ${JSON.stringify(message)}`);
  if (message.length > 2000) throw new Error(`a message of ${message.length} characters`);
}

/** Whatever the order of their keys. */
export function expectEqual(one: unknown, other: unknown, what: string): void {
  const [left, right] = [one, other].map((value) => JSON.stringify(value, plain));
  if (left !== right) throw new Error(`${what}: ${left?.slice(0, 300)} and ${right?.slice(0, 300)}`);
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
