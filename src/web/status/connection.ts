import { signal } from '@preact/signals';
import type { NoStatus, Status } from '../../engine/status.ts';

/** Where the page stands with the server. */
export type Connection =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  /** `since` by this browser's clock; what is shown is from before. */
  | { readonly is: 'lost'; readonly since: number }
  /** The session is over, or the token was changed. */
  | { readonly is: 'refused' }
  /** There are pages here and no sixgate serve: opened from a file, or from some web server. */
  | { readonly is: 'static' };

export const connection = signal<Connection>({ is: 'connecting' });
export const status = signal<Status | NoStatus | undefined>(undefined);
/** The server's time, once a second; lifetimes run down by it, whatever the clock of this browser says. */
export const now = signal(Date.now());

const tryAgainAfter = 2000;
/** The stream's signs of life are comments, which a page cannot see, so it asks now and then. */
const lookAgainEvery = 15_000;
let ahead = 0;

/** Follows the server's status until the page is closed, through whatever becomes of the connection. */
export function followStatus(): void {
  if (location.protocol === 'file:') {
    connection.value = { is: 'static' };
    return;
  }
  setInterval(() => (now.value = Date.now() + ahead), 1000);
  setInterval(() => void look(), lookAgainEvery);
  openStream();
}

let stream: EventSource | undefined;

function openStream(): void {
  stream?.close();
  const opened = new EventSource('api/events');
  stream = opened;
  for (const name of ['status', 'gone']) {
    opened.addEventListener(name, ({ data }: MessageEvent<string>) => take(JSON.parse(data) as Status | NoStatus));
  }
  opened.addEventListener('error', () => {
    lose();
    // Otherwise the browser comes back by itself.
    if (opened.readyState === EventSource.CLOSED) setTimeout(() => void look(), tryAgainAfter);
  });
}

function take(told: Status | NoStatus): void {
  if (told.daemon !== null) ahead = Date.parse(told.written) + told.daemon.age * 1000 - Date.now();
  now.value = Date.now() + ahead;
  status.value = told;
  connection.value = { is: 'live' };
}

function lose(): void {
  if (connection.peek().is === 'live' || connection.peek().is === 'connecting') {
    connection.value = { is: 'lost', since: Date.now() };
  }
}

/** Asks once: finds out why there is no stream, and opens it again where that may help. */
async function look(): Promise<void> {
  const closed = stream?.readyState === EventSource.CLOSED;
  try {
    const response = await fetch('api/status', { signal: AbortSignal.timeout(10_000), cache: 'no-store' });
    if (response.status === 401) connection.value = { is: 'refused' };
    else if (response.status === 404) connection.value = { is: 'static' };
    else if (response.ok) {
      if (closed) openStream();
      else take((await response.json()) as Status | NoStatus);
    } else throw new Error(String(response.status));
  } catch {
    lose();
    if (closed) setTimeout(() => void look(), tryAgainAfter);
  }
}
