import { connect, type Socket } from 'node:net';

/** A TCP connection to the server that says what it likes. */
export class RawConnection {
  readonly socket: Socket;
  received = '';
  /** When the other side closed it, in milliseconds since it was opened. */
  closedAfter: number | undefined;
  readonly #opened = performance.now();

  constructor(port: number) {
    this.socket = connect(port, '::1');
    this.socket.on('error', () => {});
    this.socket.on('data', (bytes) => (this.received += bytes.toString('latin1')));
    this.socket.on('close', () => (this.closedAfter ??= performance.now() - this.#opened));
  }

  send(text: string | Uint8Array): this {
    this.socket.write(text);
    return this;
  }

  /** Waits until it is closed; what came. */
  async end(timeout = 15_000): Promise<string> {
    const deadline = performance.now() + timeout;
    while (this.closedAfter === undefined) {
      if (performance.now() > deadline) throw new Error(`still open after ${timeout} ms, got: ${this.received}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.received;
  }

  /** The status codes of all answers that came, once there are `count`. */
  async statuses(count = 1): Promise<number[]> {
    const deadline = performance.now() + 5000;
    for (;;) {
      const codes = [...this.received.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, code]) => Number(code));
      if (codes.length >= count) return codes;
      if (performance.now() > deadline) throw new Error(`${codes.length} answers: ${this.received}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
