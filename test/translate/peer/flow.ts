import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { Answer, Target } from './protocol.ts';

/** One connection, or one connected UDP socket, that can be used again and again. */
export interface Flow {
  say(timeout: number, size?: number): Promise<Answer>;
  close(): void;
}

export function openFlow(target: Target): Flow {
  return target.protocol === 'udp' ? openUdp(target) : openTcp(target);
}

type Waiting = (answer: Omit<Answer, 'ms'>) => void;

/** Only a connected UDP socket is told of ICMPv6 errors. */
function openUdp({ target, port, from, fromPort }: Target): Flow {
  const socket = createSocket({ type: 'udp6' });
  const turns = takeTurns();
  const connected = new Promise<void>((resolve) => {
    socket.bind(fromPort ?? 0, from ?? '::', () => socket.connect(port, target, () => resolve()));
    socket.on('error', (error) => {
      turns.end({ error: codeOf(error) });
      resolve();
    });
  });
  socket.on('message', (message) => turns.end(parseSource(message.toString('latin1'))));
  return {
    async say(timeout, size = 2) {
      const answer = turns.begin(timeout);
      await connected;
      try {
        socket.send(Buffer.alloc(size, 'x'), (error) => {
          if (error) turns.end({ error: codeOf(error) });
        });
      } catch (error) {
        turns.end({ error: codeOf(error as Error) });
      }
      return answer;
    },
    close: () => {
      socket.close();
    },
  };
}

function openTcp({ target, port, from, fromPort }: Target): Flow {
  const socket: Socket = connect({
    host: target,
    port,
    noDelay: true,
    ...(from !== undefined && { localAddress: from }),
    ...(fromPort !== undefined && { localPort: fromPort }),
  });
  const turns = takeTurns();
  let failure: string | undefined;
  socket.on('error', (error) => turns.end({ error: (failure = codeOf(error)) }));
  socket.on('close', () => turns.end({ error: (failure ??= 'closed') }));
  socket.on('data', (data) => turns.end(parseSource(data.toString('latin1'))));
  return {
    say(timeout, size = 2) {
      const answer = turns.begin(timeout);
      if (failure !== undefined) turns.end({ error: failure });
      else socket.write(`${'x'.repeat(size - 1)}\n`);
      return answer;
    },
    close: () => {
      socket.destroy();
    },
  };
}

function takeTurns() {
  let waiting: Waiting | undefined;
  return {
    begin(timeout: number): Promise<Answer> {
      const start = performance.now();
      return new Promise((resolve) => {
        const timer = setTimeout(() => this.end({ error: 'silent' }), timeout);
        waiting = (answer) => {
          clearTimeout(timer);
          resolve({ ...answer, ms: performance.now() - start });
        };
      });
    },
    end(answer: Omit<Answer, 'ms'>): void {
      const resolve = waiting;
      waiting = undefined;
      resolve?.(answer);
    },
  };
}

function parseSource(text: string): { source: string; port: number } {
  const [source = '', port = ''] = text.trim().split(' ');
  return { source, port: Number(port) };
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
