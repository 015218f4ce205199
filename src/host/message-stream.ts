import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** One JSON value a line, both ways, over a Unix socket. */
export interface MessageStream {
  send(message: object): void;
  close(): void;
}

export interface MessageEvents {
  /** What is no JSON ends the stream and is not told. */
  onMessage(message: unknown): void;
  /** Called once, whoever ended it. */
  onEnd(): void;
}

export function streamMessages(socket: Socket, events: MessageEvents): MessageStream {
  socket.on('error', () => {}); // "close" follows
  socket.on('close', () => events.onEnd());
  const lines = createInterface({ input: socket });
  lines.on('error', () => {}); // it passes on those of the socket
  lines.on('line', (line) => {
    try {
      events.onMessage(JSON.parse(line));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      socket.destroy();
    }
  });
  return {
    send: (message) => void socket.write(`${JSON.stringify(message)}\n`),
    close: () => void socket.end(),
  };
}

/** Undefined where nobody answers. */
export function openMessages(path: string, events: MessageEvents): Promise<MessageStream | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const none = (): void => resolve(undefined);
    socket.once('error', none);
    socket.once('connect', () => {
      socket.off('error', none);
      resolve(streamMessages(socket, events));
    });
  });
}
