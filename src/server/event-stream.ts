import type { ServerResponse } from 'node:http';
import type { NoStatus, Status } from '../engine/status.ts';
import type { Clock } from '../host/host.ts';
import { repeat } from '../host/repeat.ts';
import type { StatusFeed } from './status-feed.ts';

/** The clients of `/api/events`: each gets the whole status at once, after every change, and a sign of life between. */
export interface EventStream {
  /** False where there are too many already; then nothing was sent. */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean;
  readonly clients: number;
  /** Ends all of them; they may come back. */
  disconnect(): void;
  stop(): void;
}

const heartbeatEvery = 10_000;
/** What a client may have unread before it is disconnected. */
const unreadLimit = 1 << 20;

export function createEventStream(clock: Clock, feed: StatusFeed, limit: number): EventStream {
  const clients = new Set<ServerResponse>();
  /** Those that had not taken all at the last sign of life. */
  let lagging = new Set<ServerResponse>();

  function send(client: ServerResponse, text: string): void {
    if (client.writableEnded) return;
    if (client.writableLength > unreadLimit) client.destroy();
    else client.write(text);
  }
  const stopHeartbeat = repeat(clock, heartbeatEvery, async () => {
    for (const client of lagging) if (client.writableNeedDrain) client.destroy();
    lagging = new Set([...clients].filter((client) => client.writableNeedDrain));
    for (const client of clients) send(client, ': still here\n\n');
  });
  function disconnect(): void {
    for (const client of clients) client.end();
  }

  return {
    get clients() {
      return clients.size;
    },
    add(response, headers) {
      if (clients.size >= limit) return false;
      response.writeHead(200, {
        ...headers,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write('retry: 2000\n\n');
      clients.add(response);
      const unsubscribe = feed.subscribe((status) => send(response, formatEvent(status)));
      response.on('close', () => {
        unsubscribe();
        clients.delete(response);
        lagging.delete(response);
      });
      return true;
    },
    disconnect,
    stop() {
      stopHeartbeat();
      disconnect();
    },
  };
}

/** `status`, or `gone` where no daemon is there; the data is the same JSON as of `/api/status`, on one line. */
export function formatEvent(status: Status | NoStatus): string {
  const name = status.daemon?.alive ? 'status' : 'gone';
  return `event: ${name}\ndata: ${JSON.stringify(status)}\n\n`;
}
