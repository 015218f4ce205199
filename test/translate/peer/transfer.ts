import { connect } from 'node:net';
import type { Answer } from './protocol.ts';

/** Sends so many bytes to a listener and reads so many back, over one TCP connection. */
export function transfer(target: string, port: number, up: number, down: number): Promise<Answer> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: target, port });
    let received = 0;
    const end = (answer: Omit<Answer, 'ms'>): void => {
      socket.destroy();
      resolve({ ...answer, ms: performance.now() - start });
    };
    socket.setTimeout(5000, () => end({ error: `silent after ${received} bytes` }));
    socket.on('error', (error) => end({ error: (error as NodeJS.ErrnoException).code ?? error.message }));
    socket.on('data', (data) => {
      received += data.length;
      if (received >= down) end({});
    });
    socket.write(`bulk ${up} ${down}\n`);
    socket.write(Buffer.alloc(up));
  });
}
