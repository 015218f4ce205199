import { connect } from 'node:net';

export interface LocalStreamEvents {
  onOpen(): void;
  onBytes(bytes: Uint8Array): void;
  /** Called once: it ended, or could not be opened; not after `close`. */
  onEnd(why: string): void;
}

/** Connects to a Unix stream socket, says something and listens. Returns what closes it. */
export function openLocalStream(path: string, greeting: string, events: LocalStreamEvents): () => void {
  let over = false;
  let why = 'closed by the other side';
  const socket = connect(path);
  socket.on('connect', () => {
    socket.write(greeting);
    if (!over) events.onOpen();
  });
  socket.on('data', (bytes) => {
    if (!over) events.onBytes(bytes);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => (why = error.code ?? error.message));
  socket.on('close', () => {
    if (over) return;
    over = true;
    events.onEnd(why);
  });
  return () => {
    over = true;
    socket.destroy();
  };
}
