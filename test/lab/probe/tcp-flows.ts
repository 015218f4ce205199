import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { nowMs, tick } from './clock.ts';
import { FlowRecord } from './flow-record.ts';
import type { FlowsJob } from './job.ts';
import type { Flow } from './run-flows.ts';

/** One connection; where it dies it is made anew and the probes under way are lost. */
export function startTcpLong(job: FlowsJob): Flow {
  const record = new FlowRecord('tcp-long');
  let socket: Socket | undefined;
  let done = false;
  const open = () => {
    socket = openTcp(job, (number, source) => record.answered(number, nowMs(), source));
    socket.once('connect', () => record.connections++);
    socket.once('close', () => {
      if (!done) setTimeout(open, 10);
    });
  };
  open();
  const stop = tick(job.interval, () => {
    const number = record.sent(nowMs());
    if (socket?.writable) socket.write(`${number} probe\n`);
  });
  const close = () => {
    done = true;
    socket?.destroy();
  };
  return { record, stop, close };
}

export function startTcpNew(job: FlowsJob): Flow {
  const record = new FlowRecord('tcp-new');
  const open = new Set<Socket>();
  const stop = tick(job.interval * 5, () => {
    const number = record.sent(nowMs());
    const socket = openTcp(job, (answered, source) => {
      record.answered(answered, nowMs(), source);
      socket.destroy();
    });
    open.add(socket);
    socket.once('connect', () => {
      record.connections++;
      socket.write(`${number} probe\n`);
    });
    socket.once('close', () => open.delete(socket));
    setTimeout(() => socket.destroy(), 1000);
  });
  return { record, stop, close: () => open.forEach((socket) => socket.destroy()) };
}

export function openTcp(
  { target, port }: { target: string; port: number },
  onAnswer: (number: number, source: string) => void,
): Socket {
  const socket = connect({ host: target, port, noDelay: true });
  socket.on('error', () => {}); // 'close' follows
  createInterface({ input: socket })
    .on('error', () => {}) // the socket's own, which it passes on
    .on('line', (line) => {
      const [number, source = '?'] = line.split(' ');
      onAnswer(Number(number), source);
    });
  return socket;
}
