import { createSocket, type Socket } from 'node:dgram';
import { nowMs, tick } from './clock.ts';
import { FlowRecord } from './flow-record.ts';
import type { FlowsJob } from './job.ts';
import type { Flow } from './run-flows.ts';

export function startUdpLong(job: FlowsJob): Flow {
  const record = new FlowRecord('udp-long');
  const socket = openUdp((number, source) => record.answered(number, nowMs(), source));
  const stop = tick(job.interval, () => sendUdp(socket, record.sent(nowMs()), job));
  const close = () => {
    socket.close();
  };
  return { record, stop, close };
}

export function startUdpNew(job: FlowsJob): Flow {
  const record = new FlowRecord('udp-new');
  const open = new Set<Socket>();
  const close = (socket: Socket) => {
    if (open.delete(socket)) socket.close();
  };
  const stop = tick(job.interval, () => {
    const socket = openUdp((number, source) => {
      record.answered(number, nowMs(), source);
      close(socket);
    });
    open.add(socket);
    sendUdp(socket, record.sent(nowMs()), job);
    setTimeout(close, 1000, socket);
  });
  return { record, stop, close: () => [...open].forEach(close) };
}

export function openUdp(onAnswer: (number: number, source: string) => void): Socket {
  // An address needs no resolver; without this every datagram takes a turn through it.
  const socket = createSocket({ type: 'udp6', lookup: (host, _options, done) => done(null, host, 6) });
  socket.on('message', (message) => {
    const [number, source = '?'] = message.toString('latin1').split(' ');
    onAnswer(Number(number), source);
  });
  socket.on('error', () => {}); // counted as lost
  return socket;
}

export function sendUdp(socket: Socket, number: number, { target, port }: { target: string; port: number }): void {
  socket.send(`${number} probe`, port, target, () => {}); // an error is a lost probe
}
