/** An answer before anything is sent, so that what decides on it can be tested without a socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What was asked, after the method and the host were found to be in order. */
export interface Asked {
  /** As it was sent: nothing is decoded, since no path of ours needs it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
}

export function answerText(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...noStore, ...headers }, body: text };
}

export function answerJson(status: number, value: object, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = `${JSON.stringify(value, undefined, 2)}\n`;
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...noStore, ...headers }, body };
}

export const noStore = { 'cache-control': 'no-store' } as const;
